"""Brings a damaged index back: derived parts from the store, and a damaged store from what in it is whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.errors import IndexDamagedError, IndexMissingError, IndexStateError
from rag.index.changes import DIMENSION, FORMAT_NAME, MODEL, TARGET, get_meta, set_meta
from rag.index.connection import has_store, store_reader, store_writer
from rag.index.disk import writing
from rag.index.engine import EngineChoice, chosen_engine, remember_engine
from rag.index.layout import FORMAT
from rag.index.lease import current_manifest
from rag.index.lock import take_lock
from rag.index.place import place_of
from rag.index.publish import clean, publish
from rag.index.rows import put_row
from rag.index.salvage import salvage_rows, salvage_store
from rag.index.verify import is_complete, store_problems, verify_index

if TYPE_CHECKING:
    from pathlib import Path

    from rag.index.connection import Connection
    from rag.index.layout import Layout
    from rag.index.manifest import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What was wrong, and the revision that is whole.

    `raws` are the raw pages whose articles were lost: put them again. `lost` counts the pages of which nothing is left
    but, with luck, their files: sync after the repair.
    """

    problems: tuple[str, ...]
    revision: int
    raws: tuple[bytes, ...] = ()
    lost: int = 0


def repair_index(path: Path) -> Repair:
    """Build what is damaged anew and publish it as a revision; a whole index stays as it is.

    Raises `IndexMissingError`, `IndexBusyError`, and `IndexDamagedError` where nothing could be saved.
    """
    layout = place_of(path)
    if not has_store(layout):
        raise IndexMissingError(f"there is no index at `{path}` to repair; run `huwen index sync PATH --index {path}`")
    with writing(path):
        lock = take_lock(layout)
        try:
            return _repaired(layout)
        finally:
            lock.release()


def _repaired(layout: Layout) -> Repair:
    manifest = _readable_manifest(layout)
    problems = verify_index(layout.folder) if manifest is not None else ("the manifest is lost or damaged",)
    if manifest is not None and not problems:
        return Repair(problems=(), revision=manifest.revision)
    raws = () if _store_is_whole(layout) else _salvaged(layout)
    connection = store_writer(layout)
    try:
        if manifest is not None:
            _restore_particulars(connection, manifest)
        model, dimension = get_meta(connection, MODEL), get_meta(connection, DIMENSION)
        if model is None or dimension is None:
            raise IndexDamagedError(
                f"nothing in the index `{layout.folder}` could be saved; delete it and run "
                f"`huwen index sync PATH --index {layout.folder}`"
            )
        revision = _next_revision(layout, connection, manifest)
        _drop_leases(layout)
        published, _ = publish(
            layout, connection, published=None, target=revision, model=model, dimension=int(dimension)
        )
        clean(layout, connection, current=published)
    finally:
        connection.close()
    before = published.census.pages if manifest is None else manifest.census.pages
    lost = max(0, before - published.census.pages - len(raws))
    return Repair(problems=problems, revision=revision, raws=raws, lost=lost)


def _readable_manifest(layout: Layout) -> Manifest | None:
    try:
        return current_manifest(layout)
    except IndexStateError:
        return None


def _restore_particulars(connection: Connection, manifest: Manifest) -> None:
    """Take from the manifest what a store that was cut short no longer says."""
    if get_meta(connection, MODEL) is None:
        set_meta(connection, FORMAT_NAME, str(FORMAT))
        set_meta(connection, MODEL, manifest.embedder)
        set_meta(connection, DIMENSION, str(manifest.dimension))
    if chosen_engine(connection) is None and manifest.engine is not None:
        remember_engine(connection, EngineChoice(uri=manifest.engine.uri, name=manifest.engine.name))
    if connection.execute("SELECT COUNT(*) FROM roots").fetchone() == (0,):
        for root in manifest.roots:
            put_row(connection, "roots", (root,))


def _store_is_whole(layout: Layout) -> bool:
    try:
        with closing(store_reader(layout)) as connection:
            return not any(True for _ in store_problems(connection)) and is_complete(connection)
    except (sqlite3.Error, ValueError):
        return False


def _salvaged(layout: Layout) -> tuple[bytes, ...]:
    """Leave only whole pages in the store, and return the raw pages of the others, as far as they are left."""
    if layout.database is None:
        return salvage_store(layout)
    with closing(store_writer(layout)) as connection:
        return salvage_rows(connection)


def _next_revision(layout: Layout, connection: Connection, manifest: Manifest | None) -> int:
    """Return a number that no part, row or manifest of this index has had."""
    seen = [0 if manifest is None else manifest.revision, int(get_meta(connection, TARGET) or 0)]
    seen += [value or 0 for value in connection.execute("SELECT MAX(added), MAX(removed) FROM pages").fetchone()]
    if layout.database is not None:
        from rag.index.postgres_revisions import highest_row

        seen.append(highest_row(connection))
    for folder in (layout.vectors, layout.lexical, layout.leases, layout.terms):
        with suppress(FileNotFoundError):
            seen += [int(path.stem) for path in folder.iterdir() if path.stem.isdecimal()]
    return max(seen) + 1


def _drop_leases(layout: Layout) -> None:
    """Remove the copies of manifests: a damaged one would stop the clean-up."""
    with suppress(FileNotFoundError):
        for path in layout.leases.iterdir():
            path.unlink()
