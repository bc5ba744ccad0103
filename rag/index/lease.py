"""Leases: a reader locks the copy of its manifest, so that the writer knows which revisions are still being read."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.errors import HuwenError, IndexMissingError
from rag.index.disk import reading
from rag.index.manifest import Manifest, load_manifest
from rag.index.place import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rag.index.connection import Connection
    from rag.index.layout import Layout
    from rag.index.postgres_revisions import PostgresLock

# A writer that publishes without a pause could outrun a reader; it cannot do so this often.
ATTEMPTS = 50


@dataclass(slots=True)
class Lease:
    """A shared lock on one revision; its parts and rows stay until it is released."""

    manifest: Manifest
    handle: int | None
    lock: PostgresLock | None = None

    def release(self) -> None:
        """Let the writer clean up this revision; safe to call twice."""
        if self.lock is not None:
            self.lock.release()
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None


def take_lease(layout: Layout) -> Lease:
    """Lock the current revision. Raises `IndexMissingError`, `IndexDamagedError`, `IndexMismatchError`."""
    if layout.database is not None:
        from rag.index.postgres_revisions import lock_revision

        locked, lock = lock_revision(layout.database, folder=layout.folder)
        return Lease(locked, None, lock)
    manifest = current_manifest(layout)
    for _ in range(ATTEMPTS):
        handle = _shared_lock(layout.lease(manifest.revision))
        if handle is not None:
            return Lease(manifest, handle)
        newer = current_manifest(layout)
        if newer.revision == manifest.revision:
            break
        manifest = newer
    # A copy of an index may lack its leases; nobody writes to such a copy.
    return Lease(manifest, None)


def current_manifest(layout: Layout) -> Manifest:
    """Return the manifest of the current revision, and raise as `take_lease` does."""
    if layout.database is not None:
        from rag.index.postgres_revisions import current_row

        return current_row(layout.database, folder=layout.folder)
    with reading(layout.folder):
        is_there = layout.manifest.exists()
    if not is_there:
        raise IndexMissingError(
            f"there is no index at `{layout.folder}`; run `huwen index sync PATH --index {layout.folder}`"
        )
    return load_manifest(layout.manifest, folder=layout.folder)


def published_stamp(path: Path) -> tuple[int, int, int] | None:
    """Return what changes whenever a manifest is published, the second number its time in nanoseconds; `None` for no index."""
    try:
        layout = place_of(path)
        if layout.database is not None:
            from rag.index.postgres_revisions import published_at

            row = published_at(layout.database)
            return None if row is None else (*row, 0)
        found = layout.manifest.stat()
    except (OSError, HuwenError):
        return None
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def retire_leases(layout: Layout, connection: Connection, *, current: int) -> list[Manifest]:
    """Delete the leases that no reader holds, the current one apart, and return the manifests still in use."""
    if layout.database is not None:
        from rag.index.postgres_revisions import retire_rows

        return retire_rows(connection, layout.database, current=current, folder=layout.folder)
    with reading(layout.folder):
        return list(_still_held(layout, current))


def _still_held(layout: Layout, current: int) -> Iterator[Manifest]:
    for path in sorted(layout.leases.glob("*.json")):
        if path == layout.lease(current) or not _unlink_unheld(path):
            yield load_manifest(path, folder=layout.folder)


def _unlink_unheld(path: Path) -> bool:
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        path.unlink()
        return True
    finally:
        os.close(handle)


def _shared_lock(path: Path) -> int | None:
    """Return a handle that holds a shared lock, `None` where the file went away first."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    fcntl.flock(handle, fcntl.LOCK_SH)
    if os.fstat(handle).st_nlink > 0:
        return handle
    os.close(handle)
    return None
