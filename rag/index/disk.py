"""Durable writes and checksums of files; what a library or the system reports becomes an error of ours here."""

from __future__ import annotations

import os
import sqlite3
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rag.errors import IndexDamagedError, IndexStateError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BLOCK = 1 << 20


def write_durably(path: Path, data: bytes) -> None:
    """Put the bytes at `path` by one rename, so that a crash leaves the old file or the new one."""
    draft = path.with_name(f"{path.name}.tmp")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_path(path.parent)


def sync_path(path: Path) -> None:
    """Force a file's bytes, or a folder's names, onto the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def file_checksum(path: Path) -> int:
    """Return the CRC-32 of the whole file; it finds every single flipped bit."""
    value = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            value = zlib.crc32(block, value)
    return value


def damaged(folder: Path, what: str) -> IndexDamagedError:
    """Return the error for an index whose files cannot be trusted."""
    return IndexDamagedError(f"the index `{folder}` is damaged: {what}; run `huwen index repair --index {folder}`")


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Turn what SQLite and the system report while reading into `IndexDamagedError`; a missing permission is no damage."""
    try:
        yield
    except PermissionError as error:
        raise IndexStateError(
            f"the index `{folder}` cannot be read: {error.strerror} (`{error.filename}`); "
            f"give this user the permission to read it"
        ) from error
    except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
        raise damaged(folder, str(error)) from error


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn a full disk, a missing permission and the like into `IndexStateError`; damage stays damage."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise _unwritten(folder, str(error)) from error
    except sqlite3.DatabaseError as error:
        raise damaged(folder, str(error)) from error
    except OSError as error:
        where = "" if error.filename is None else f" (`{error.filename}`)"
        raise _unwritten(folder, f"{error.strerror or error}{where}") from error


def _unwritten(folder: Path, reason: str) -> IndexStateError:
    return IndexStateError(
        f"the index `{folder}` could not be written: {reason}; its last revision is whole, "
        f"so put that right and run the same command again"
    )
