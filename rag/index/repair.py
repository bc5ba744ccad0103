"""Brings a damaged index back: derived parts from the store, and a damaged store from what in it is whole."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.errors import IndexMissingError, IndexStateError
from rag.index.changes import DIMENSION, MODEL, TARGET, get_meta
from rag.index.disk import damaged, writing
from rag.index.layout import Layout
from rag.index.lease import current_manifest
from rag.index.lock import WriterLock
from rag.index.publish import clean, publish
from rag.index.salvage import salvage_store
from rag.index.schema import connect_writer
from rag.index.verify import is_complete, store_problems, verify_index

if TYPE_CHECKING:
    from pathlib import Path

    from rag.index.manifest import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What was wrong, the revision that is whole, and the raw pages whose articles were lost and must be put again."""

    problems: tuple[str, ...]
    revision: int
    raws: tuple[bytes, ...] = ()


def repair_index(path: Path) -> Repair:
    """Build what is damaged anew and publish it as a revision; a whole index stays as it is.

    Raises `IndexMissingError`, `IndexBusyError`, and `IndexDamagedError` where nothing could be saved.
    """
    layout = Layout(path)
    if not layout.store.exists():
        raise IndexMissingError(f"there is no index at `{path}` to repair; run `huwen index sync PATH --index {path}`")
    with writing(path):
        lock = WriterLock.take(layout.lock)
        try:
            return _repaired(layout)
        finally:
            lock.release()


def _repaired(layout: Layout) -> Repair:
    manifest = _readable_manifest(layout)
    problems = verify_index(layout.folder) if manifest is not None else ("the manifest is lost or damaged",)
    if manifest is not None and not problems:
        return Repair(problems=(), revision=manifest.revision)
    raws = () if _store_is_whole(layout) else salvage_store(layout)
    connection = connect_writer(layout.store)
    try:
        model, dimension = get_meta(connection, MODEL), get_meta(connection, DIMENSION)
        if model is None or dimension is None:
            raise damaged(
                layout.folder, "nothing in the store could be saved; delete the folder and sync again instead"
            )
        revision = _next_revision(layout, connection, manifest)
        _drop_leases(layout)
        published = publish(layout, connection, published=None, target=revision, model=model, dimension=int(dimension))
        clean(layout, connection, current=published)
    finally:
        connection.close()
    return Repair(problems=problems, revision=revision, raws=raws)


def _readable_manifest(layout: Layout) -> Manifest | None:
    try:
        return current_manifest(layout)
    except IndexStateError:
        return None


def _store_is_whole(layout: Layout) -> bool:
    try:
        if any(True for _ in store_problems(layout.store)):
            return False
        return is_complete(layout.store)
    except (sqlite3.Error, ValueError):
        return False


def _next_revision(layout: Layout, connection: sqlite3.Connection, manifest: Manifest | None) -> int:
    """Return a number that no part, row or manifest of this index has had."""
    seen = [0 if manifest is None else manifest.revision, int(get_meta(connection, TARGET) or 0)]
    seen += [value or 0 for value in connection.execute("SELECT MAX(added), MAX(removed) FROM pages").fetchone()]
    for folder in (layout.vectors, layout.lexical, layout.leases):
        with suppress(FileNotFoundError):
            seen += [int(path.stem) for path in folder.iterdir() if path.stem.isdecimal()]
    return max(seen) + 1


def _drop_leases(layout: Layout) -> None:
    """Remove the copies of manifests: a damaged one would stop the clean-up."""
    with suppress(FileNotFoundError):
        for path in layout.leases.iterdir():
            path.unlink()
