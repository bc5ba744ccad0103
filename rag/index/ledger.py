"""The sync's memory: roots, files with their fingerprints, which file holds which page, what could not be read."""

# ruff: noqa: S608 - tables and columns are named by the code, values are always bound

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.index.rows import MEMORY_TABLES, put_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rag.index.connection import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file that was read. Times are nanoseconds; `seen` is when it was read; `file_hash` is of its bytes and the pipeline."""

    path: str
    size: int
    mtime: int
    ctime: int
    seen: int
    file_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A page that a file holds. `own` tells whether the page brought its id; `published` is a date or empty."""

    path: str
    page_id: str
    own: bool
    page_hash: str
    published: str
    mtime: int


class Ledger:
    """Reads and writes the sync's tables inside the writer's transaction."""

    def __init__(self, connection: Connection, *, begin: Callable[[], None]) -> None:
        self._connection = connection
        self._begin = begin

    def roots(self) -> list[str]:
        """Return the remembered roots, sorted."""
        return [str(path) for (path,) in self._connection.execute("SELECT path FROM roots ORDER BY path")]

    def set_roots(self, roots: Iterable[str]) -> None:
        """Replace the remembered roots."""
        self._replace("roots", [(root,) for root in roots])

    def files(self) -> dict[str, FileRow]:
        """Map the paths of all files that were read to their rows."""
        rows = self._connection.execute("SELECT path, size, mtime, ctime, seen, hash FROM files")
        return {
            path: FileRow(path=path, size=size, mtime=mtime, ctime=ctime, seen=seen, file_hash=digest)
            for path, size, mtime, ctime, seen, digest in rows
        }

    def put_file(self, path: str, *, size: int, mtime: int, ctime: int, seen: int, file_hash: str) -> None:
        """Add or replace a file's row."""
        self._begin()
        put_row(self._connection, "files", (path, size, mtime, ctime, seen, file_hash))

    def forget_file(self, path: str) -> list[str]:
        """Forget a file and what it held, and return the ids of those pages."""
        self._begin()
        held = [holder.page_id for holder in self.holders_in(path)]
        for table in ("files", "holders"):
            self._connection.execute(f"DELETE FROM {table} WHERE path = ?", (path,))
        return held

    def holders_in(self, path: str) -> list[Holder]:
        """Return what a file holds."""
        return self._holders("path", path)

    def holders_of(self, page_id: str) -> list[Holder]:
        """Return the files that hold a page."""
        return self._holders("page_id", page_id)

    def put_holder(self, path: str, *, page_id: str, own: bool, page_hash: str, published: str, mtime: int) -> None:
        """Add or replace a holder."""
        self._begin()
        put_row(self._connection, "holders", (path, page_id, int(own), page_hash, published, mtime))

    def drop_holder(self, path: str, *, page_id: str) -> None:
        """Delete a holder."""
        self._begin()
        self._connection.execute("DELETE FROM holders WHERE path = ? AND page_id = ?", (path, page_id))

    def skipped(self) -> dict[str, str]:
        """Map the paths of files that could not be read to the reasons."""
        return dict(self._connection.execute("SELECT path, reason FROM skipped ORDER BY path").fetchall())

    def set_skipped(self, skipped: dict[str, str]) -> None:
        """Replace the list of files that could not be read."""
        self._replace("skipped", list(skipped.items()))

    def restore(self, table: str, rows: Sequence[tuple[str | int, ...]]) -> None:
        """Replace one of the tables that outlive pages by the rows of a backup."""
        self._begin()
        self._connection.execute(f"DELETE FROM {table}")
        for row in rows:
            put_row(self._connection, table, row)

    def _holders(self, column: str, value: str) -> list[Holder]:
        query = (
            f"SELECT path, page_id, own, hash, published, mtime FROM holders WHERE {column} = ? ORDER BY path, page_id"
        )
        return [
            Holder(path=path, page_id=page_id, own=bool(own), page_hash=digest, published=published, mtime=mtime)
            for path, page_id, own, digest, published, mtime in self._connection.execute(query, (value,))
        ]

    def _replace(self, table: str, rows: list[tuple[str, ...]]) -> None:
        names = ", ".join(MEMORY_TABLES[table])
        if sorted(rows) != sorted(self._connection.execute(f"SELECT {names} FROM {table}").fetchall()):
            self.restore(table, rows)
