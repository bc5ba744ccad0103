"""Backups: one revision in one SQLite file, taken while others read and write, and put back as a new revision."""

# ruff: noqa: S608 - tables and columns are named by the code, values are always bound

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.errors import InputError
from rag.index.changes import DIMENSION, FORMAT_NAME, MODEL, get_meta, load_census, set_census, set_meta
from rag.index.connection import store_reader, streamed
from rag.index.disk import damaged, sync_path, writing
from rag.index.layout import FORMAT, OLDEST_FORMAT
from rag.index.lease import take_lease
from rag.index.place import place_of
from rag.index.rows import (
    ARTICLE_COLUMNS,
    CHUNK_COLUMNS,
    MEMORY_TABLES,
    PAGE_TABLES,
    TABLES,
    article_of,
    chunk_of,
    columns,
    embedded_text,
    intact,
    put_row,
    stored_chunk,
)
from rag.index.schema import SCHEMA, connect_reader
from rag.index.stories import grouped
from rag.index.verify import is_complete, store_problems
from rag.index.write import open_writer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from rag.index.layout import Layout
    from rag.index.manifest import Manifest
    from rag.types import Article, Chunk

# "Huwn": tells a backup from other SQLite files.
APPLICATION = 0x4875776E
_OWNER = {"pages": "t.key", "raws": "t.page", "articles": "t.page", "chunks": "t.page"}


def export_index(path: Path, target: Path) -> int:
    """Write the current revision to the file `target`, which appears whole or not at all; return the revision."""
    layout = place_of(path)
    lease = take_lease(layout)
    draft = target.with_name(f"{target.name}.tmp")
    try:
        with writing(path):
            draft.unlink(missing_ok=True)
            with closing(sqlite3.connect(draft, isolation_level=None)) as backup:
                _fill(backup, layout, lease.manifest)
            sync_path(draft)
            draft.replace(target)
            sync_path(target.absolute().parent)
        return lease.manifest.revision
    finally:
        draft.unlink(missing_ok=True)
        lease.release()


def import_index(path: Path, source: Path, *, milvus: str | None = None, store: str | None = None) -> int:
    """Make the index hold what the backup holds, as one new revision, and return its number; the rest as in `open_writer`.

    Every row of the backup is checked first. Raises `InputError` where the file is no backup, or a damaged one.
    """
    _check_backup(source)
    with closing(connect_reader(source)) as backup:
        model, dimension = get_meta(backup, MODEL), get_meta(backup, DIMENSION)
        with open_writer(
            path,
            embedder_identity=str(model),
            dimension=int(dimension or 0),
            rebuild=True,
            milvus=milvus,
            store=store,
        ) as writer:
            # Nothing is flushed before the end: a process that dies half-way leaves what was there.
            there = writer.page_ids()
            for page in _pages_of(backup):
                there.discard(page.page_id)
                writer.put_page(
                    page.page_id,
                    page_hash=page.page_hash,
                    raw=page.raw,
                    articles=page.articles,
                    chunks=page.chunks,
                    numbers={},
                )
                rows = writer.unembedded(len(page.chunks))
                if rows:
                    vectors = np.stack([page.vectors[text] for _, text in rows])
                    writer.put_vectors([key for key, _ in rows], vectors.astype(np.float32))
            for page_id in sorted(there):
                writer.remove_page(page_id)
            for table, names in MEMORY_TABLES.items():
                writer.ledger.restore(table, backup.execute(f"SELECT {', '.join(names)} FROM {table}").fetchall())
            writer.set_groups(grouped(backup.execute("SELECT story, article_id FROM stories").fetchall()))
            return writer.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A page of a backup. `vectors` are found by the text that was embedded."""

    page_id: str
    page_hash: str
    raw: bytes
    articles: list[Article]
    chunks: list[Chunk]
    vectors: dict[str, NDArray[np.float16]]


def _fill(backup: sqlite3.Connection, layout: Layout, manifest: Manifest) -> None:
    backup.executescript(SCHEMA)
    backup.execute(f"PRAGMA application_id = {APPLICATION}")
    at = {"revision": manifest.revision, "model": manifest.embedder}
    with closing(store_reader(layout)) as store:
        # One transaction on each side: the sync's memory is of one moment, and the file is written once.
        store.execute("BEGIN")
        backup.execute("BEGIN")
        for table, names in TABLES.items():
            for row in streamed(store, _selection(table, columns(names, of="t")), at):
                if not intact(row):
                    raise damaged(layout.folder, f"a row of `{table}` in the store does not match its seal")
                # What a later revision removes is in force in this one.
                put_row(backup, table, (*row[:-2], None) if table in {"pages", "stories"} else row[:-1])
        _, last_key = load_census(store)
        set_census(backup, manifest.census, last_key=last_key)
        set_meta(backup, MODEL, manifest.embedder)
        set_meta(backup, DIMENSION, str(manifest.dimension))
        backup.execute("COMMIT")


def _selection(table: str, names: str) -> str:
    if table == "stories":
        return (
            f"SELECT {names} FROM stories t WHERE t.added <= :revision AND (t.removed IS NULL OR t.removed > :revision)"
        )
    if table not in PAGE_TABLES:
        return f"SELECT {names} FROM {table} t"
    visible = "p.added <= :revision AND (p.removed IS NULL OR p.removed > :revision)"
    if table == "vectors":
        joined = "vectors t JOIN chunks c ON c.key = t.chunk JOIN pages p ON p.key = c.page"
        return f"SELECT {names} FROM {joined} WHERE t.model = :model AND {visible}"
    return f"SELECT {names} FROM {table} t JOIN pages p ON p.key = {_OWNER[table]} WHERE {visible}"


def _check_backup(source: Path) -> None:
    if not source.is_file():
        raise InputError(f"there is no file `{source}`; `huwen index export FILE` writes one")
    try:
        with closing(connect_reader(source)) as backup:
            found = (backup.execute("PRAGMA application_id").fetchone()[0], get_meta(backup, FORMAT_NAME))
        if found[0] != APPLICATION:
            raise InputError(f"`{source}` is not a backup of an index; `huwen index export FILE` writes one")
        if not OLDEST_FORMAT <= int(found[1] or 0) <= FORMAT:
            raise InputError(f"`{source}` has format `{found[1]}`, this program reads {OLDEST_FORMAT} to {FORMAT}")
        with closing(connect_reader(source)) as backup:
            problems = list(store_problems(backup))
            if not problems and not is_complete(backup):
                problems = ["it lacks rows that it counts"]
    except (sqlite3.Error, ValueError) as error:
        problems = [str(error)]
    if problems:
        raise InputError(f"the backup `{source}` is damaged: {problems[0]}; take another one")


def _pages_of(backup: sqlite3.Connection) -> Iterator[_Page]:
    rows = backup.execute(
        "SELECT p.key, p.page_id, p.hash, r.body FROM pages p JOIN raws r ON r.page = p.key ORDER BY p.key"
    )
    for key, page_id, page_hash, body in rows:
        articles, chunks, vectors = {}, [], {}
        for row in backup.execute(
            f"SELECT {columns(ARTICLE_COLUMNS, of='a')} FROM articles a WHERE page = ? ORDER BY key", (key,)
        ):
            articles[row[0]] = article_of(row, page_id=page_id)
        for *row, code in backup.execute(
            f"SELECT {columns(CHUNK_COLUMNS, of='c')}, v.code FROM chunks c JOIN vectors v ON v.chunk = c.key "
            "WHERE c.page = ? ORDER BY c.key",
            (key,),
        ):
            stored = stored_chunk(row)
            chunks.append(chunk_of(stored, articles[stored.article]))
            vectors[embedded_text(stored.header, chunks[-1].text)] = np.frombuffer(code, "<f2")
        yield _Page(
            page_id=page_id,
            page_hash=page_hash,
            raw=zlib.decompress(body),
            articles=list(articles.values()),
            chunks=chunks,
            vectors=vectors,
        )
