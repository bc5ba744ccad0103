"""Copies what is whole in a damaged store into a new one; what is lost is named by its raw pages where those are left."""

# ruff: noqa: S608 - tables and columns are named by the code, values are always bound

from __future__ import annotations

import json
import shutil
import sqlite3
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

from rag.index.changes import DIMENSION, MODEL, delete_pages, get_meta, load_census, set_census, set_meta, xor
from rag.index.disk import sync_path
from rag.index.manifest import Census
from rag.index.rows import MEMORY_TABLES, TABLES, Field, columns, intact, put_row
from rag.index.schema import PAGE_SIZE, connect_writer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rag.index.connection import Connection
    from rag.index.layout import Layout

# Byte ranges of SQLite's file header that differ from file to file; the rest of page 1 is the schema's.
_CHANGE_COUNTER, _PAGE_COUNT, _VALID_FOR = slice(24, 28), slice(28, 32), slice(92, 96)
_KEYS = {"pages": "key", "raws": "page", "articles": "key", "chunks": "key", "vectors": "chunk"}
# No row is smaller, which bounds the keys of a file whose own count is lost.
SMALLEST_ROW = 8


def salvage_store(layout: Layout) -> tuple[bytes, ...]:
    """Replace the store by one of its whole pages and return the raw pages of the others, as far as they are left."""
    draft, fresh = layout.folder / "store.damaged", layout.folder / "store.fresh"
    for path in (draft, fresh):
        _unlink_store(path)
    template = connect_writer(fresh)
    try:
        _copy_with_schema(layout.store, draft, template, fresh)
        raws = _fill(template, draft)
        template.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        template.close()
    sync_path(fresh)
    # A log that belongs to the old file must never meet the new one.
    for suffix in ("-wal", "-shm"):
        layout.store.with_name(layout.store.name + suffix).unlink(missing_ok=True)
    fresh.replace(layout.store)
    sync_path(layout.folder)
    _unlink_store(draft)
    _unlink_store(fresh)
    return raws


def salvage_rows(connection: Connection) -> tuple[bytes, ...]:
    """Do the same in a database that others keep whole: rows that do not match their seals go, and what they leave incomplete."""
    connection.execute("BEGIN")
    for table, key in _KEYS.items():
        select = f"SELECT {key}, {columns(TABLES[table], of=table)} FROM {table}"
        for bad in [row[0] for row in connection.execute(select) if not intact(row[1:])]:
            connection.execute(f"DELETE FROM {table} WHERE {key} = ?", (bad,))
    for table in MEMORY_TABLES:
        names = MEMORY_TABLES[table]
        for row in [
            row for row in connection.execute(f"SELECT {columns(names, of=table)} FROM {table}") if not intact(row)
        ]:
            same = " AND ".join(f"{name} = ?" for name in (*names, "seal"))
            connection.execute(f"DELETE FROM {table} WHERE {same}", row)
    raws = _drop_incomplete(connection)
    for (path,) in connection.execute("SELECT path FROM files").fetchall():
        put_row(connection, "files", (path, -1, 0, 0, 0, ""))
    _count(connection)
    connection.execute("COMMIT")
    return raws


def _copy_with_schema(damaged: Path, draft: Path, template: sqlite3.Connection, fresh: Path) -> None:
    """Copy the damaged file, with the pages that describe the tables taken from a new one: they are always the same."""
    shutil.copyfile(damaged, draft)
    wal = damaged.with_name(damaged.name + "-wal")
    if wal.exists():
        shutil.copyfile(wal, draft.with_name(draft.name + "-wal"))
    template.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    clean = fresh.read_bytes()
    roots = {page for (page,) in template.execute("SELECT rootpage FROM sqlite_master WHERE rootpage > 0")}
    pages = draft.stat().st_size // PAGE_SIZE
    with draft.open("r+b") as file:
        for number in range(len(clean) // PAGE_SIZE):
            if number + 1 not in roots:
                page = bytearray(clean[number * PAGE_SIZE : (number + 1) * PAGE_SIZE])
                if number == 0:
                    page[_PAGE_COUNT] = pages.to_bytes(4, "big")
                    page[_VALID_FOR] = page[_CHANGE_COUNTER]
                file.seek(number * PAGE_SIZE)
                file.write(page)


def _fill(fresh: sqlite3.Connection, draft: Path) -> tuple[bytes, ...]:
    damaged = sqlite3.connect(draft, isolation_level=None)
    try:
        fresh.execute("BEGIN")
        for table in TABLES:
            for row in _whole_rows(damaged, table, limit=draft.stat().st_size // SMALLEST_ROW):
                put_row(fresh, table, row[:-1])
    finally:
        damaged.close()
    raws = _drop_incomplete(fresh)
    for (path,) in fresh.execute("SELECT path FROM files").fetchall():
        # Each file is looked at again, for what could not be saved.
        put_row(fresh, "files", (path, -1, 0, 0, 0, ""))
    _count(fresh)
    fresh.execute("COMMIT")
    return raws


def _whole_rows(connection: sqlite3.Connection, table: str, *, limit: int) -> Iterator[Sequence[Field]]:
    """Yield the rows that match their seals; where SQLite stumbles, go on behind the place."""
    select = f"SELECT {columns(TABLES[table], of=table)} FROM {table}"
    if table not in _KEYS:
        with suppress(sqlite3.Error):
            yield from filter(intact, connection.execute(select))
        return
    ordered = f"{select} WHERE {_KEYS[table]} >= ? ORDER BY {_KEYS[table]}"
    low = 0
    while low <= limit:
        try:
            for row in connection.execute(ordered, (low,)):
                # A damaged row may claim any key.
                low = max(low, row[0] + 1) if 0 <= row[0] <= limit else low
                if intact(row):
                    yield row
        except sqlite3.Error:
            low = _next_readable(connection, ordered, low, limit)
        else:
            return


def _next_readable(connection: sqlite3.Connection, ordered: str, bad: int, limit: int) -> int:
    """Return the lowest key behind `bad` from which rows can be read again; it takes log(distance) tries to find."""

    def is_readable(key: int) -> bool:
        try:
            connection.execute(f"{ordered} LIMIT 1", (key,)).fetchall()
        except sqlite3.Error:
            return False
        return True

    step = 1
    while not is_readable(bad + step):
        step *= 2
        if bad + step > limit:
            return limit + 1
    low, good = bad + step // 2, bad + step
    while good - low > 1:
        middle = (low + good) // 2
        low, good = (low, middle) if is_readable(middle) else (middle, good)
    return good


def _drop_incomplete(fresh: Connection) -> tuple[bytes, ...]:
    """Delete the pages that lack a row, and those removed long ago; return the raw pages of the former."""
    whole = {
        key
        for (key,) in fresh.execute(
            "SELECT p.key FROM pages p WHERE p.removed IS NULL "
            "AND p.articles = (SELECT COUNT(*) FROM articles a WHERE a.page = p.key) "
            "AND p.chunks = (SELECT COUNT(*) FROM chunks c WHERE c.page = p.key) "
            "AND p.chunks = (SELECT COUNT(*) FROM chunks c JOIN vectors v ON v.chunk = c.key WHERE c.page = p.key)"
        )
    }
    removed = {key for (key,) in fresh.execute("SELECT key FROM pages WHERE removed IS NOT NULL")}
    there = {page_id for key, page_id in fresh.execute("SELECT key, page_id FROM pages") if key in whole}
    raws = {}
    for key, body in fresh.execute("SELECT page, body FROM raws").fetchall():
        raw = zlib.decompress(body)
        if key not in whole | removed and raw and (page_id := json.loads(raw)["page_id"]) not in there:
            raws[page_id] = raw
    owners = "SELECT key FROM pages UNION SELECT page FROM raws UNION SELECT page FROM articles UNION SELECT page FROM chunks"
    every = {key for (key,) in fresh.execute(owners)}
    delete_pages(fresh, sorted(every - whole))
    fresh.execute("DELETE FROM vectors WHERE chunk NOT IN (SELECT key FROM chunks)")
    for (key,) in fresh.execute("SELECT key FROM pages WHERE key NOT IN (SELECT page FROM raws)").fetchall():
        put_row(fresh, "raws", (key, zlib.compress(b"")))
    return tuple(raws[page_id] for page_id in sorted(raws))


def _count(fresh: Connection) -> None:
    """Write the census anew, and the model's particulars from the vectors where they are lost."""
    _, last_key = load_census(fresh)
    tables = ("pages", "articles", "chunks")
    seals = {table: [value for (value,) in fresh.execute(f"SELECT seal FROM {table}")] for table in tables}
    highest = [fresh.execute(f"SELECT COALESCE(MAX(key), 0) FROM {table}").fetchone()[0] for table in tables]
    census = Census(
        pages=len(seals["pages"]),
        articles=len(seals["articles"]),
        chunks=len(seals["chunks"]),
        digest=xor(value for values in seals.values() for value in values),
    )
    set_census(fresh, census, last_key=max(last_key, *highest))
    model = fresh.execute("SELECT model, length(code) / 2 FROM vectors LIMIT 1").fetchone()
    if model is not None and None in (get_meta(fresh, MODEL), get_meta(fresh, DIMENSION)):
        set_meta(fresh, MODEL, str(model[0]))
        set_meta(fresh, DIMENSION, str(model[1]))


def _unlink_store(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
