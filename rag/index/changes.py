"""Writes to the store inside the writer's transaction: pages with their articles and chunks, vectors, the census."""

# ruff: noqa: S608 - tables and columns are named by the code, values are always bound

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

from rag.index.manifest import Census
from rag.index.rows import (
    ARTICLE_COLUMNS,
    CHUNK_COLUMNS,
    PAGE_COLUMNS,
    article_fields,
    article_of,
    chunk_of,
    columns,
    content_hash,
    put_row,
    seal,
    stored_chunk,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from rag.index.connection import Connection
    from rag.types import Article, Chunk

# Names in the store's own particulars.
CENSUS, TARGET, MODEL, DIMENSION, FORMAT_NAME, ENGINE = "census", "target", "model", "dimension", "format", "engine"


class Changes:
    """The rows of the revision that is being written, `target`. The caller begins and ends transactions."""

    def __init__(self, connection: Connection, *, target: int) -> None:
        self._connection = connection
        self._target = target
        self._census, self._last_key = load_census(connection)

    def live_page(self, page_id: str) -> tuple[int, str] | None:
        """Return the key and content hash of the page that is in force, `None` where there is none."""
        row = self._connection.execute(
            "SELECT key, hash FROM pages WHERE page_id = ? AND removed IS NULL", (page_id,)
        ).fetchone()
        return None if row is None else (int(row[0]), str(row[1]))

    def add_page(
        self, page_id: str, *, page_hash: str, raw: bytes, articles: Sequence[Article], chunks: Sequence[Chunk]
    ) -> list[int]:
        """Add a page that is not there and return the keys of its chunks in order."""
        page = self._next_key()
        sizes = (len(articles), len(chunks))
        seals = [put_row(self._connection, "pages", (page, page_id, page_hash, *sizes, self._target, None))]
        put_row(self._connection, "raws", (page, zlib.compress(raw)))
        keys: dict[str, int] = {}
        for article in articles:
            keys[article.article_id] = key = self._next_key()
            seals.append(put_row(self._connection, "articles", article_fields(key, page, article)))
        chunk_keys = []
        for chunk in chunks:
            chunk_keys.append(key := self._next_key())
            content = content_hash(chunk.header, chunk.text)
            place = (key, page, keys[chunk.article_id], chunk.chunk_id, chunk.start, chunk.end, chunk.header, content)
            seals.append(put_row(self._connection, "chunks", place))
        self._count(seals, pages=1, articles=len(articles), chunks=len(chunks))
        return chunk_keys

    def remove_page(self, key: int) -> None:
        """Take a page out of force. What no published revision has shown is deleted at once."""
        select = f"SELECT {columns(PAGE_COLUMNS, of='p')} FROM pages p WHERE key = ?"
        *page, _ = self._connection.execute(select, (key,)).fetchone()
        articles, chunks = self._seals("articles", key), self._seals("chunks", key)
        self._count([seal(page), *articles, *chunks], pages=-1, articles=-len(articles), chunks=-len(chunks))
        if page[PAGE_COLUMNS.index("added")] == self._target:
            delete_pages(self._connection, [key])
            return
        put_row(self._connection, "pages", (*page[:-1], self._target))

    def articles(self) -> list[Article]:
        """Return all articles in force, in key order."""
        rows = self._connection.execute(
            f"SELECT p.page_id, {columns(ARTICLE_COLUMNS, of='a')} FROM articles a "
            "CROSS JOIN pages p ON p.key = a.page WHERE p.removed IS NULL ORDER BY a.key"
        )
        return [article_of(row, page_id=page_id) for page_id, *row in rows]

    def thin_page(self, key: int, article_ids: Collection[str]) -> int:
        """Replace a page by one without these articles and return how many are left; with none left, do nothing.

        The raw page goes, too, since it holds the text of what is removed.
        """
        page_id, page_hash = self._connection.execute(
            "SELECT page_id, hash FROM pages WHERE key = ?", (key,)
        ).fetchone()
        rows = self._connection.execute(
            f"SELECT {columns(ARTICLE_COLUMNS, of='a')} FROM articles a WHERE page = ? ORDER BY key", (key,)
        ).fetchall()
        articles = {row[0]: article_of(row, page_id=page_id) for row in rows}
        left = {key: article for key, article in articles.items() if article.article_id not in article_ids}
        if left and len(left) < len(articles):
            chunks, vectors = self._chunks_with_vectors(key, left)
            self.remove_page(key)
            keys = self.add_page(page_id, page_hash=page_hash, raw=b"", articles=list(left.values()), chunks=chunks)
            for chunk, (model, code) in zip(keys, vectors, strict=True):
                put_row(self._connection, "vectors", (chunk, model, code))
        return len(left)

    def copy_vector(self, chunk: int, *, model: str) -> bool:
        """Give a chunk the vector of another one with the same content; tell whether there was one."""
        row = self._connection.execute(
            "SELECT v.code FROM chunks n JOIN chunks o ON o.content = n.content AND o.key != n.key "
            "JOIN vectors v ON v.chunk = o.key AND v.model = ? WHERE n.key = ? LIMIT 1",
            (model, chunk),
        ).fetchone()
        if row is not None:
            put_row(self._connection, "vectors", (chunk, model, row[0]))
        return row is not None

    def put_vectors(self, chunks: Sequence[int], vectors: NDArray[np.float32], *, model: str) -> None:
        """Store one row of `vectors` for each chunk, in half precision."""
        for chunk, code in zip(chunks, vectors.astype("<f2"), strict=True):
            put_row(self._connection, "vectors", (chunk, model, code.tobytes()))

    def save_census(self) -> None:
        """Write the counts beside the rows that they count."""
        set_census(self._connection, self._census, last_key=self._last_key)

    def _chunks_with_vectors(
        self, page: int, articles: Mapping[int, Article]
    ) -> tuple[list[Chunk], list[tuple[str, bytes]]]:
        chunks, vectors = [], []
        for key, article in articles.items():
            rows = self._connection.execute(
                f"SELECT {columns(CHUNK_COLUMNS, of='c')}, v.model, v.code FROM chunks c "
                "JOIN vectors v ON v.chunk = c.key WHERE c.page = ? AND c.article = ? ORDER BY c.key",
                (page, key),
            )
            for *row, model, code in rows:
                chunks.append(chunk_of(stored_chunk(row), article))
                vectors.append((model, code))
        return chunks, vectors

    def _seals(self, table: str, page: int) -> list[int]:
        return [value for (value,) in self._connection.execute(f"SELECT seal FROM {table} WHERE page = ?", (page,))]

    def _next_key(self) -> int:
        self._last_key += 1
        return self._last_key

    def _count(self, seals: Iterable[int], *, pages: int, articles: int, chunks: int) -> None:
        self._census = Census(
            pages=self._census.pages + pages,
            articles=self._census.articles + articles,
            chunks=self._census.chunks + chunks,
            digest=xor(seals, start=self._census.digest),
        )


def xor(seals: Iterable[int], *, start: int = 0) -> int:
    """Return the seals combined in a way that order does not change and that adding again takes away."""
    for value in seals:
        start ^= value
    return start


def load_census(connection: Connection) -> tuple[Census, int]:
    """Return what the store says it holds in force, and the last key that was given out."""
    value = get_meta(connection, CENSUS)
    if value is None:
        return Census(), 0
    pages, articles, chunks, digest, last_key = json.loads(value)
    return Census(pages=pages, articles=articles, chunks=chunks, digest=digest), int(last_key)


def set_census(connection: Connection, census: Census, *, last_key: int) -> None:
    """Write what `load_census` reads."""
    value = [census.pages, census.articles, census.chunks, census.digest, last_key]
    set_meta(connection, CENSUS, json.dumps(value))


def delete_texts(connection: Connection, keys: Iterable[int]) -> None:
    """Delete what pages that no revision shows any more said; their keys stay, as segments may hold them."""
    for key in keys:
        connection.execute("DELETE FROM vectors WHERE chunk IN (SELECT key FROM chunks WHERE page = ?)", (key,))
        connection.execute("DELETE FROM raws WHERE page = ?", (key,))
        connection.execute("DELETE FROM articles WHERE page = ?", (key,))


def delete_pages(connection: Connection, keys: Sequence[int]) -> None:
    """Delete all rows of pages that no revision shows and no segment holds any more."""
    delete_texts(connection, keys)
    for key in keys:
        connection.execute("DELETE FROM chunks WHERE page = ?", (key,))
        connection.execute("DELETE FROM pages WHERE key = ?", (key,))


def get_meta(connection: Connection, name: str) -> str | None:
    """Return one of the store's own particulars, `None` where it was never set."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def set_meta(connection: Connection, name: str, value: str) -> None:
    """Set one of the store's own particulars."""
    put_row(connection, "meta", (name, value))
