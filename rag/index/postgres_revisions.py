"""Revisions of an index whose store is in PostgreSQL: manifests as rows, leases and the writer's lock as advisory locks.

Advisory locks belong to a connection, so that a process that dies, on whatever machine, lets go of them.
"""

from __future__ import annotations

import time
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.addresses import shown
from rag.errors import IndexBusyError, IndexMissingError
from rag.index.manifest import Manifest, dump_manifest, read_manifest
from rag.index.postgres import connect_postgres, has_tables
from rag.index.postgres_schema import schema_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rag.index.connection import Connection
    from rag.index.postgres import PostgresConnection

# The number of the writer's lock; revisions, from 1, have their own.
WRITER = 0
ATTEMPTS = 50


@dataclass(slots=True)
class PostgresLock:
    """Locks that last as long as a connection."""

    connection: PostgresConnection

    def release(self) -> None:
        """Let go; safe to call twice."""
        self.connection.close()


def take_writer_lock(database: str) -> PostgresLock:
    """Take the lock of the one writer at once or raise `IndexBusyError`."""
    connection = connect_postgres(database)
    query = "SELECT pg_try_advisory_lock(?::int, ?::int)"
    if connection.execute(query, (_class(database), WRITER)).fetchone()[0]:
        return PostgresLock(connection)
    connection.close()
    raise IndexBusyError(
        f"the index in `{shown(database)}` is being written by another process; wait for it, or stop it, and run this again"
    )


def current_row(database: str, *, folder: Path) -> Manifest:
    """Return the manifest of the current revision. Raises `IndexMissingError`, `IndexDamagedError`."""
    if has_tables(database):
        connection = connect_postgres(database)
        try:
            row = _newest(connection)
        finally:
            connection.close()
        if row is not None:
            return read_manifest(row[1], name=f"manifest {row[0]}", folder=folder)
    raise IndexMissingError(f"there is no index in `{shown(database)}`; run `huwen index sync PATH` with that store")


def lock_revision(database: str, *, folder: Path) -> tuple[Manifest, PostgresLock]:
    """Return the current manifest with a shared lock on its revision."""
    current_row(database, folder=folder)
    lock = PostgresLock(connect_postgres(database))
    try:
        for _ in range(ATTEMPTS):
            row = _newest(lock.connection)
            if row is None:
                break
            at = (_class(database), row[0])
            lock.connection.execute("SELECT pg_advisory_lock_shared(?::int, ?::int)", at)
            kept = lock.connection.execute("SELECT 1 FROM manifests WHERE revision = ?", (row[0],)).fetchone()
            if kept is not None:
                return read_manifest(row[1], name=f"manifest {row[0]}", folder=folder), lock
            lock.connection.execute("SELECT pg_advisory_unlock_shared(?::int, ?::int)", at)
    except BaseException:
        lock.release()
        raise
    lock.release()
    raise IndexMissingError(f"there is no index in `{shown(database)}`; run `huwen index sync PATH` with that store")


def publish_row(connection: Connection, manifest: Manifest) -> None:
    """Make a revision the current one, by one row."""
    connection.execute(
        "INSERT INTO manifests (revision, body, published) VALUES (?, ?, ?)",
        (manifest.revision, dump_manifest(manifest), time.time_ns()),
    )


def retire_rows(connection: Connection, database: str, *, current: int, folder: Path) -> list[Manifest]:
    """Delete the manifests that no reader holds, the current one apart, and return those still in use."""
    held = []
    rows = connection.execute("SELECT revision, body FROM manifests WHERE revision != ? ORDER BY revision", (current,))
    for revision, body in rows.fetchall():
        at = (_class(database), revision)
        if connection.execute("SELECT pg_try_advisory_lock(?::int, ?::int)", at).fetchone()[0]:
            connection.execute("DELETE FROM manifests WHERE revision = ?", (revision,))
            connection.execute("SELECT pg_advisory_unlock(?::int, ?::int)", at)
        else:
            held.append(read_manifest(body, name=f"manifest {revision}", folder=folder))
    return held


def highest_row(connection: Connection) -> int:
    """Return the highest revision that has a manifest, readable or not."""
    (highest,) = connection.execute("SELECT COALESCE(MAX(revision), 0) FROM manifests").fetchone()
    return int(highest)


def published_at(database: str) -> tuple[int, int] | None:
    """Return the current revision and when it was published, in nanoseconds; `None` where there is none."""
    connection = connect_postgres(database)
    try:
        row = connection.execute("SELECT revision, published FROM manifests ORDER BY revision DESC LIMIT 1").fetchone()
        return None if row is None else (int(row[0]), int(row[1]))
    finally:
        connection.close()


def put_part(connection: Connection, name: str, body: bytes) -> None:
    """Keep a file for all machines."""
    connection.execute(
        "INSERT INTO parts (name, body) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = EXCLUDED.body",
        (name, body),
    )


def fetch_part(database: str, name: str) -> bytes | None:
    """Return a file that another machine wrote, `None` where there is none."""
    connection = connect_postgres(database)
    try:
        row = connection.execute("SELECT body FROM parts WHERE name = ?", (name,)).fetchone()
        return None if row is None else bytes(row[0])
    finally:
        connection.close()


def drop_parts(connection: Connection, *, kept: Iterable[str]) -> None:
    """Delete the files that no revision in use consists of."""
    there = {name for (name,) in connection.execute("SELECT name FROM parts").fetchall()}
    for name in sorted(there - set(kept)):
        connection.execute("DELETE FROM parts WHERE name = ?", (name,))


def _newest(connection: Connection) -> tuple[int, bytes] | None:
    row = connection.execute("SELECT revision, body FROM manifests ORDER BY revision DESC LIMIT 1").fetchone()
    return None if row is None else (int(row[0]), bytes(row[1]))


def _class(database: str) -> int:
    """Return the first number of an index's locks; the locks of one database are apart from those of another anyway."""
    return zlib.crc32(schema_of(database).encode()) - (1 << 31)
