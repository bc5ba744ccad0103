"""Reads every byte that a search or a sync can return and compares it with what was written; changes nothing."""

# ruff: noqa: S608 - tables and columns are named by the code, values are always bound

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from rag.errors import IndexDamagedError, IndexStateError
from rag.index.changes import load_census, xor
from rag.index.connection import store_reader, streamed
from rag.index.disk import reading
from rag.index.lease import current_manifest, take_lease
from rag.index.lexical import LexicalSearch
from rag.index.manifest import Census, load_manifest
from rag.index.place import place_of
from rag.index.reading import dead_keys
from rag.index.rows import PAGE_COLUMNS, TABLES, columns, intact, seal
from rag.index.schema import SCHEMA
from rag.index.segments import open_segment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rag.index.connection import Connection, Cursor
    from rag.index.layout import Layout
    from rag.index.manifest import Manifest

# Later than any revision: what is in force.
LATEST = 1 << 62
_VISIBLE = "p.added <= :revision AND (p.removed IS NULL OR p.removed > :revision)"


def verify_index(path: Path) -> tuple[str, ...]:
    """Return what is wrong with the current revision, nothing where it is whole.

    Raises `IndexMissingError`, and `IndexMismatchError` for a format that is not known.
    """
    layout = place_of(path)
    try:
        current_manifest(layout)
    except IndexDamagedError as error:
        return (str(error),)
    lease = take_lease(layout)
    try:
        return tuple(dict.fromkeys(_problems(layout, lease.manifest)))
    finally:
        lease.release()


def store_problems(connection: Connection) -> Iterator[str]:
    """Yield what is wrong with the store by itself: its pages, its rows, its schema."""
    if isinstance(connection, sqlite3.Connection):
        yield from _file_problems(connection)
    for table, names in TABLES.items():
        for row in streamed(connection, f"SELECT {columns(names, of=table)} FROM {table}", ()):
            if not intact(row):
                yield f"a row of `{table}` in the store does not match its seal"


def _file_problems(connection: sqlite3.Connection) -> Iterator[str]:
    for (line,) in connection.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield f"SQLite finds the store damaged: {line}"
    if _schema_of(connection) != _expected_schema():
        yield "the store does not have the tables that it was made with"


def is_complete(connection: Connection) -> bool:
    """Tell whether the store holds just the rows in force that its own census counts, with vectors for all."""
    census, _ = load_census(connection)
    return _census(connection, LATEST) == census and not any(True for _ in _gaps(connection, LATEST))


def _problems(layout: Layout, manifest: Manifest) -> Iterator[str]:
    checks: list[Callable[[], Iterator[str]]] = [
        lambda: _lease_problems(layout, manifest),
        lambda: _store_problems(layout),
        lambda: _census_problems(layout, manifest),
    ]
    if manifest.engine is None:
        checks += [lambda: _segment_problems(layout, manifest), lambda: _generation_problems(layout, manifest)]
    else:
        checks.append(lambda: _engine_problems(layout, manifest))
    for check in checks:
        # One damaged part must not hide the others.
        try:
            with reading(layout.folder):
                yield from check()
        except IndexStateError as error:
            yield str(error)


def _store_problems(layout: Layout) -> Iterator[str]:
    with closing(store_reader(layout)) as connection:
        yield from store_problems(connection)


def _lease_problems(layout: Layout, manifest: Manifest) -> Iterator[str]:
    if layout.database is not None:
        return
    if load_manifest(layout.lease(manifest.revision), folder=layout.folder) != manifest:
        yield f"`{layout.lease(manifest.revision).name}` differs from the manifest"


def _census_problems(layout: Layout, manifest: Manifest) -> Iterator[str]:
    connection = store_reader(layout)
    try:
        if _census(connection, manifest.revision) != manifest.census:
            yield "the store does not hold the rows that the manifest counts"
        yield from _gaps(connection, manifest.revision)
    finally:
        connection.close()


def _gaps(connection: Connection, revision: int) -> Iterator[str]:
    """Yield what pages in force lack though no census counts it."""
    queries = {
        "raw pages": f"SELECT COUNT(*) FROM pages p WHERE {_VISIBLE} AND p.key NOT IN (SELECT page FROM raws)",
        "vectors": "SELECT COUNT(*) FROM pages p JOIN chunks c ON c.page = p.key "
        f"WHERE {_VISIBLE} AND c.key NOT IN (SELECT chunk FROM vectors)",
    }
    for what, query in queries.items():
        (missing,) = connection.execute(query, {"revision": revision}).fetchone()
        if missing:
            yield f"the store lacks {missing} {what}"


def _census(connection: Connection, revision: int) -> Census:
    at = {"revision": revision}
    pages = connection.execute(f"SELECT {columns(PAGE_COLUMNS, of='p')} FROM pages p WHERE {_VISIBLE}", at).fetchall()
    # A page that a later revision removes was counted before it was.
    seals = [seal((*row[:-2], None)) for row in pages]
    counts = []
    for table in ("articles", "chunks"):
        query = f"SELECT t.seal FROM pages p JOIN {table} t ON t.page = p.key WHERE {_VISIBLE}"
        # A flipped bit can turn a seal into a text or nothing at all; counting as 0 it makes the digest differ.
        found = [value if isinstance(value, int) else 0 for (value,) in connection.execute(query, at)]
        counts.append(len(found))
        seals += found
    return Census(pages=len(pages), articles=counts[0], chunks=counts[1], digest=xor(seals))


def _segment_problems(layout: Layout, manifest: Manifest) -> Iterator[str]:
    keys: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = [np.empty(0, np.int64)]
    for record in manifest.segments:
        try:
            keys.append(open_segment(layout, record, dimension=manifest.dimension).keys)
        except IndexDamagedError as error:
            yield str(error)
            return
    held = np.concatenate(keys)
    if len(np.unique(held)) != len(held):
        yield "a chunk lies in two vector segments"
    connection = store_reader(layout)
    try:
        live = np.fromiter((key for (key,) in _live_keys(connection, manifest.revision)), np.int64)
    finally:
        connection.close()
    if not np.isin(live, held).all():
        yield "chunks in the store have no row in the vector segments"


def _live_keys(connection: Connection, revision: int) -> Cursor:
    query = f"SELECT c.key FROM pages p JOIN chunks c ON c.page = p.key WHERE {_VISIBLE}"
    return connection.execute(query, {"revision": revision})


def _generation_problems(layout: Layout, manifest: Manifest) -> Iterator[str]:
    if manifest.generation is None:
        if manifest.census.chunks:
            yield "there is no lexical generation"
        return
    with closing(LexicalSearch(layout, manifest.generation)) as search:
        found = search.count()
    if found != manifest.census.chunks:
        yield f"the lexical generation holds {found} chunks, the store {manifest.census.chunks}"


def _engine_problems(layout: Layout, manifest: Manifest) -> Iterator[str]:
    from rag.index.milvus_verify import milvus_problems

    connection = store_reader(layout)
    try:
        live = {key for (key,) in _live_keys(connection, manifest.revision)}
        dead = set(dead_keys(connection, revision=manifest.revision).tolist())
        yield from milvus_problems(layout, manifest, live=live, dead=dead)
    finally:
        connection.close()


def _schema_of(connection: sqlite3.Connection) -> list[tuple[str, ...]]:
    query = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    return connection.execute(query).fetchall()


def _expected_schema() -> list[tuple[str, ...]]:
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(SCHEMA)
        return _schema_of(connection)
    finally:
        connection.close()
