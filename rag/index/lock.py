"""The lock of the one writer: held by the operating system, so that a killed process lets go of it."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Self

from rag.errors import IndexBusyError

if TYPE_CHECKING:
    from pathlib import Path

    from rag.index.layout import Layout
    from rag.index.postgres_revisions import PostgresLock


@dataclass(frozen=True, slots=True)
class WriterLock:
    """A lock that is held. The file keeps its place after release: removing it would let two writers in."""

    file: IO[str]

    @classmethod
    def take(cls, path: Path) -> Self:
        """Take the lock at once or raise `IndexBusyError` naming who holds it."""
        file = path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = _holder(file.read())
            file.close()
            raise IndexBusyError(
                f"the index `{path.parent}` is being written by {holder}; wait for it, or stop it, and run this again"
            ) from error
        except BaseException:
            file.close()
            raise
        file.truncate(0)
        json.dump({"pid": os.getpid(), "host": socket.gethostname()}, file)
        file.flush()
        return cls(file)

    def release(self) -> None:
        """Let the next writer in; safe to call twice."""
        self.file.close()


def take_lock(layout: Layout) -> WriterLock | PostgresLock:
    """Take the lock of the one writer at once or raise `IndexBusyError`."""
    if layout.database is None:
        return WriterLock.take(layout.lock)
    from rag.index.postgres_revisions import take_writer_lock

    return take_writer_lock(layout.database)


def _holder(text: str) -> str:
    try:
        who = json.loads(text)
        return f"process {who['pid']} on `{who['host']}`"
    except (ValueError, KeyError, TypeError):
        return "another process"
