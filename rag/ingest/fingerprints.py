"""Tells whether a file is as it was read, by its fingerprint where that is safe, else by a hash of its bytes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from rag.errors import InputError
from rag.ingest.roots import found_file

if TYPE_CHECKING:
    from rag.ingest.roots import FoundFile
    from rag.ingest.store import FileRow, SyncLedger

# A file changed this shortly before it was read may change again without a new time stamp.
SETTLED_NS = 2_000_000_000
BLOCK = 1 << 20
# The size of a file that is to be read again whatever its fingerprint says.
UNKNOWN = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A file as it is about to be read: what it was found as, when, and the hash of its bytes and the pipeline."""

    file: FoundFile
    started: int
    file_hash: str


def is_unchanged(row: FileRow, file: FoundFile, *, pipeline: str) -> bool:
    """Tell by the fingerprint alone; a doubtful one says no."""
    if (row.size, row.mtime, row.ctime) != (file.size, file.mtime, file.ctime):
        return False
    return max(file.mtime, file.ctime) + SETTLED_NS < row.seen and row.file_hash.startswith(_prefix(pipeline))


def begin_reading(file: FoundFile, *, pipeline: str) -> Reading:
    """Hash a file's bytes. Raises `InputError`."""
    started = time.time_ns()
    digest = sha256()
    try:
        fresh = found_file(file.path, file.path.stat())
        with file.path.open("rb") as opened:
            while block := opened.read(BLOCK):
                digest.update(block)
    except OSError as error:
        raise InputError(f"`{file.path}` cannot be read: {error.strerror or error}") from error
    return Reading(file=fresh, started=started, file_hash=_prefix(pipeline) + digest.hexdigest())


def remember(ledger: SyncLedger, reading: Reading) -> None:
    """Note that a file was read whole; one that changed meanwhile is read again the next time."""
    file = reading.file
    try:
        is_steady = found_file(file.path, file.path.stat()) == file
    except OSError:
        is_steady = False
    ledger.put_file(
        file.name,
        size=file.size if is_steady else UNKNOWN,
        mtime=file.mtime,
        ctime=file.ctime,
        seen=reading.started,
        file_hash=reading.file_hash if is_steady else "",
    )


def remember_unread(ledger: SyncLedger, file: FoundFile) -> None:
    """Note that a file gave something once but could not be read whole now."""
    ledger.put_file(file.name, size=UNKNOWN, mtime=file.mtime, ctime=file.ctime, seen=0, file_hash="")


def _prefix(pipeline: str) -> str:
    return sha256(pipeline.encode()).hexdigest()[:12] + ":"
