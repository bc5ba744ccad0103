"""Bytes of a file to text, within a size limit; every failure is an `InputError` that names the path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import InputError
from rag.ingest.readers.encoding import NotTextError, decode

if TYPE_CHECKING:
    from pathlib import Path

MIB = 1024 * 1024
# The largest file of any format but JSON Lines, which is read line by line.
MAX_BYTES = 64 * MIB
# The largest file that is decoded whole: one wide character makes its text four bytes a character.
MAX_TEXT_BYTES = 32 * MIB
HEAD_BYTES = 4096


def read_head(path: Path) -> bytes:
    """Return the first bytes of a file, enough to tell its format."""
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        raise InputError(f"`{path}` cannot be read: {error.strerror or error}") from error


def check_size(path: Path, *, limit: int) -> None:
    """Raise `InputError` where the file is larger than `limit` bytes."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InputError(f"`{path}` cannot be read: {error.strerror or error}") from error
    if size > limit:
        raise InputError(
            f"`{path}` is larger than {limit // MIB} MiB (got {size / MIB:,.1f} MiB); split it into smaller files"
        )


def read_text(path: Path, *, limit: int = MAX_TEXT_BYTES) -> str:
    """Return the whole file as text. Raises `InputError` for a file too large, unreadable, or of no known encoding."""
    check_size(path, limit=limit)
    try:
        with path.open("rb") as file:
            raw = file.read(limit + 1)
    except OSError as error:
        raise InputError(f"`{path}` cannot be read: {error.strerror or error}") from error
    if len(raw) > limit:
        raise InputError(f"`{path}` is larger than {limit // MIB} MiB; split it into smaller files")
    try:
        return decode(raw)
    except NotTextError as error:
        raise InputError(f"`{path}` {error}") from error
