"""The store as one revision shows it: articles and chunks, every row checked before it is used."""

# ruff: noqa: S608 - tables and columns are named by the code, values are always bound

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from rag.errors import NotFoundError
from rag.index.disk import damaged
from rag.index.rows import (
    ARTICLE_COLUMNS,
    CHUNK_COLUMNS,
    MEMORY_TABLES,
    PAGE_COLUMNS,
    RAW_COLUMNS,
    STORY_COLUMNS,
    Field,
    StoredChunk,
    article_of,
    chunk_of,
    columns,
    intact,
    stored_chunk,
)
from rag.index.stories import grouped
from rag.types import Nearest, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from rag.index.connection import Connection, Pool
    from rag.types import Article, Chunk, Filters

_VISIBLE = "p.added <= :revision AND (p.removed IS NULL OR p.removed > :revision)"
_PAGE = columns(PAGE_COLUMNS, of="p")
_ARTICLE = columns(ARTICLE_COLUMNS, of="a")
_CHUNK = columns(CHUNK_COLUMNS, of="c")
_PAGE_WIDTH = len(PAGE_COLUMNS) + 1
_CHUNK_ID = _PAGE_WIDTH + CHUNK_COLUMNS.index("chunk_id")


class StoreReader:
    """Reads what one revision shows, while a writer may already be at the next."""

    def __init__(self, pool: Pool, *, folder: Path, revision: int) -> None:
        self._pool = pool
        self._folder = folder
        self._revision = revision

    def article(self, article_id: str) -> Article:
        """Return one article. Raises `NotFoundError`, naming the articles where the id is a page's."""
        rows = self._rows(
            f"SELECT {_PAGE}, {_ARTICLE} FROM articles a JOIN pages p ON p.key = a.page "
            f"WHERE a.article_id = :id AND {_VISIBLE} ORDER BY a.key LIMIT 1",
            id=article_id,
        )
        for row in rows:
            return self._article(row)
        raise NotFoundError(self._not_found(article_id))

    def page_articles(self, page_id_prefix: str) -> list[Article]:
        """Return the articles of every page whose id begins so, by page id and in page order."""
        rows = self._rows(
            f"SELECT {_PAGE}, {_ARTICLE} FROM articles a JOIN pages p ON p.key = a.page "
            f"WHERE substr(p.page_id, 1, length(:prefix)) = :prefix AND {_VISIBLE} ORDER BY p.page_id, a.key",
            prefix=page_id_prefix,
        )
        return [self._article(row) for row in rows]

    def raw_page(self, page_id: str) -> bytes:
        """Return a page as it was read, empty where an article of it was removed by hand. Raises `NotFoundError`."""
        rows = self._rows(
            f"SELECT {columns(RAW_COLUMNS, of='r')} FROM raws r JOIN pages p ON p.key = r.page "
            f"WHERE p.page_id = :id AND {_VISIBLE}",
            id=page_id,
        )
        for _, body, _ in self._intact(rows, "raws"):
            return zlib.decompress(body) if isinstance(body, bytes) else b""
        raise NotFoundError(f"no page `{page_id}` in the index; `huwen show` takes article ids")

    def find_articles(self, ids: Sequence[str], *, source: str | None) -> list[Article]:
        """Return the articles whose own or page's id is among `ids`, or that are from the source, in key order."""
        rows = self._rows(
            f"SELECT {_PAGE}, {_ARTICLE} FROM articles a CROSS JOIN pages p ON p.key = a.page "
            f"WHERE (a.article_id IN (SELECT value FROM json_each(:ids)) OR p.page_id IN (SELECT value FROM json_each(:ids)) "
            f"OR a.source = :source) AND {_VISIBLE} ORDER BY a.key",
            ids=json.dumps(list(ids)),
            source=source,
        )
        return [self._article(row) for row in rows]

    def chunks(self, chunk_ids: Sequence[str]) -> list[Chunk]:
        """Return the chunks in the order asked for. Raises `NotFoundError`."""
        rows = self._rows(
            f"SELECT {_PAGE}, {_CHUNK} FROM chunks c JOIN pages p ON p.key = c.page "
            f"WHERE c.chunk_id IN (SELECT value FROM json_each(:ids)) AND {_VISIBLE}",
            ids=json.dumps(list(chunk_ids)),
        )
        stored = {chunk.chunk_id: chunk for chunk in map(self._chunk, rows)}
        for chunk_id in chunk_ids:
            if chunk_id not in stored:
                raise NotFoundError(f"no chunk `{chunk_id}` in the index; chunk ids come from `huwen search --json`")
        articles = self._articles_of({chunk.article for chunk in stored.values()})
        return [chunk_of(stored[chunk_id], articles[stored[chunk_id].article]) for chunk_id in chunk_ids]

    def chunk_ids(self, keys: Iterable[int]) -> dict[int, str]:
        """Map keys that a search found to chunk ids; a key that this revision does not show is damage."""
        wanted = list(keys)
        rows = self._rows(
            f"SELECT {_PAGE}, {_CHUNK} FROM chunks c JOIN pages p ON p.key = c.page "
            f"WHERE c.key IN (SELECT value FROM json_each(:keys)) AND {_VISIBLE}",
            keys=json.dumps(wanted),
        )
        found: dict[int, str] = {}
        whole: set[Field] = set()
        for row in rows:
            # Neighbours share a page, which is checked once.
            if row[0] not in whole or not intact(row[_PAGE_WIDTH:]):
                self._checked(row)
                whole.add(row[0])
            found[int(str(row[_PAGE_WIDTH]))] = str(row[_CHUNK_ID])
        if len(found) < len(set(wanted)):
            raise damaged(self._folder, "the search parts name chunks that the store does not show")
        return found

    def dead_keys(self) -> NDArray[np.int64]:
        """Return the sorted keys of chunks that segments may still hold though this revision removed them."""
        with self._pool.connection() as connection:
            return dead_keys(connection, revision=self._revision)

    def keys_within(self, filters: Filters) -> NDArray[np.int64]:
        """Return the sorted keys of the chunks whose articles pass the filters, visible or not."""
        conditions, values = _conditions(filters)
        rows = self._rows(
            f"SELECT c.key FROM articles a CROSS JOIN chunks c ON c.page = a.page AND c.article = a.key "
            f"WHERE {conditions} ORDER BY c.key",
            **values,
        )
        return np.fromiter((row[0] for row in rows), dtype=np.int64)

    def newest(self) -> date | None:
        """Return the newest publication date."""
        rows = self._rows(
            f"SELECT a.published FROM articles a CROSS JOIN pages p ON p.key = a.page "
            f"WHERE a.published IS NOT NULL AND {_VISIBLE} ORDER BY a.published DESC LIMIT 1"
        )
        try:
            return date.fromisoformat(str(rows[0][0])) if rows else None
        except ValueError as error:
            raise damaged(self._folder, f"a publication date in the store is none: {error}") from error

    def flags(self) -> dict[str, tuple[str, ...]]:
        """Map each flag to the ids of the articles that carry it, in the order of their ids."""
        rows = self._rows(
            f"SELECT f.value, a.article_id FROM articles a CROSS JOIN pages p ON p.key = a.page, json_each(a.flags) f "
            f"WHERE a.flags != '[]' AND {_VISIBLE} ORDER BY f.value, a.article_id"
        )
        found: defaultdict[str, list[str]] = defaultdict(list)
        for code, article_id in rows:
            found[str(code)].append(str(article_id))
        return {code: tuple(ids) for code, ids in found.items()}

    def latest(self, k: int) -> tuple[Nearest, ...]:
        """Return at most k articles, those published last first."""
        rows = self._rows(
            f"SELECT a.article_id, a.title, a.published FROM articles a CROSS JOIN pages p ON p.key = a.page "
            f"WHERE a.published IS NOT NULL AND {_VISIBLE} ORDER BY a.published DESC, a.article_id LIMIT :k",
            k=k,
        )
        return tuple(
            Nearest(article_id=str(row[0]), title=str(row[1]), published=date.fromisoformat(str(row[2])))
            for row in rows
        )

    def sources(self) -> dict[str, int]:
        """Map the name of each source to its number of articles, the largest first."""
        rows = self._rows(
            f"SELECT a.source, count(*) FROM articles a CROSS JOIN pages p ON p.key = a.page "
            f"WHERE a.source IS NOT NULL AND {_VISIBLE} GROUP BY a.source ORDER BY count(*) DESC, a.source"
        )
        return {str(name): int(str(count)) for name, count in rows}

    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Return the groups of articles that tell one story."""
        return grouped((str(row[1]), str(row[0])) for row in self._stories("TRUE"))

    def group_mates(self, article_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Map each of the articles that is in a group to the others of its group."""
        wanted = json.dumps(list(article_ids))
        names = "SELECT story FROM stories WHERE article_id IN (SELECT value FROM json_each(:ids))"
        rows = self._stories(f"t.story IN ({names})", ids=wanted)
        groups = grouped((str(row[1]), str(row[0])) for row in rows)
        mates = {mine: tuple(other for other in group if other != mine) for group in groups for mine in group}
        return {article_id: mates[article_id] for article_id in article_ids if article_id in mates}

    def _stories(self, condition: str, **values: Field) -> list[tuple[Field, ...]]:
        rows = self._rows(
            f"SELECT {columns(STORY_COLUMNS, of='t')} FROM stories t WHERE {condition} "
            "AND t.added <= :revision AND (t.removed IS NULL OR t.removed > :revision) "
            # A group outlives an article that was removed by hand.
            "AND EXISTS (SELECT 1 FROM articles a CROSS JOIN pages p ON p.key = a.page "
            f"WHERE a.article_id = t.article_id AND {_VISIBLE})",
            **values,
        )
        return self._intact(rows, "stories")

    def roots(self) -> tuple[str, ...]:
        """Return the remembered roots, sorted."""
        return tuple(str(path) for path, _ in self._sealed("roots"))

    def skipped(self) -> tuple[Skipped, ...]:
        """Return the files that the last sync could not read, sorted by path."""
        rows = self._sealed("skipped")
        return tuple(Skipped(path=str(path), reason=str(reason)) for path, reason, _ in rows)

    def _sealed(self, table: str) -> list[tuple[Field, ...]]:
        rows = self._rows(f"SELECT {columns(MEMORY_TABLES[table], of=table)} FROM {table} ORDER BY path")
        return self._intact(rows, table)

    def _intact(self, rows: list[tuple[Field, ...]], table: str) -> list[tuple[Field, ...]]:
        if not all(map(intact, rows)):
            raise damaged(self._folder, f"a row of `{table}` in the store does not match its seal")
        return rows

    def _articles_of(self, keys: set[int]) -> dict[int, Article]:
        rows = self._rows(
            f"SELECT {_PAGE}, {_ARTICLE} FROM articles a JOIN pages p ON p.key = a.page "
            f"WHERE a.key IN (SELECT value FROM json_each(:keys))",
            keys=json.dumps(sorted(keys)),
        )
        found = {int(str(row[_PAGE_WIDTH])): self._article(row) for row in rows}
        if len(found) < len(keys):
            raise damaged(self._folder, "chunks in the store have no article")
        return found

    def _article(self, row: Sequence[Field]) -> Article:
        page = self._checked(row)
        return article_of(row[_PAGE_WIDTH:], page_id=str(page[1]))

    def _chunk(self, row: Sequence[Field]) -> StoredChunk:
        self._checked(row)
        return stored_chunk(row[_PAGE_WIDTH:])

    def _checked(self, row: Sequence[Field]) -> Sequence[Field]:
        """Return the page's part of a joined row once both parts match their seals."""
        page, other = row[:_PAGE_WIDTH], row[_PAGE_WIDTH:]
        if not intact(page) or not intact(other):
            raise damaged(self._folder, f"a row of page `{page[1]!s}` in the store does not match its seal")
        return page

    def _not_found(self, article_id: str) -> str:
        rows = self._rows(
            f"SELECT a.article_id FROM articles a JOIN pages p ON p.key = a.page "
            f"WHERE p.page_id = :id AND {_VISIBLE} ORDER BY a.key",
            id=article_id,
        )
        if rows:
            names = ", ".join(f"`{row[0]!s}`" for row in rows)
            return f"the page `{article_id}` holds several articles: {names}; ask for one of them"
        return f"no article `{article_id}` in the index; `huwen search QUESTION` shows article ids"

    def _rows(self, query: str, **values: Field) -> list[tuple[Field, ...]]:
        with self._pool.connection() as connection:
            return connection.execute(query, {"revision": self._revision, **values}).fetchall()


def dead_keys(connection: Connection, *, revision: int) -> NDArray[np.int64]:
    """Return the sorted keys of chunks that are in the store though a revision up to this one removed them."""
    rows = connection.execute(
        "SELECT c.key FROM pages p CROSS JOIN chunks c ON c.page = p.key WHERE p.removed <= ? ORDER BY c.key",
        (revision,),
    )
    return np.fromiter((row[0] for row in rows), dtype=np.int64)


def _conditions(filters: Filters) -> tuple[str, dict[str, str]]:
    limits = (
        ("since", "a.published >= :since", None if filters.since is None else filters.since.isoformat()),
        ("until", "a.published <= :until", None if filters.until is None else filters.until.isoformat()),
        ("source", "a.source = :source", filters.source),
        ("lang", "a.lang = :lang", filters.lang),
    )
    given = [(name, condition, value) for name, condition, value in limits if value is not None]
    return " AND ".join(condition for _, condition, _ in given) or "TRUE", {name: value for name, _, value in given}
