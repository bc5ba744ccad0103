"""Bytes of a file to text, within a size limit; every failure is an `InputError` that names the path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 64 * 1024 * 1024
HEAD_BYTES = 4096
BOM = "\ufeff"


def read_head(path: Path) -> bytes:
    """Return the first bytes of a file, enough to tell its format."""
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        raise InputError(f"`{path}` cannot be read: {error.strerror or error}") from error


def read_text(path: Path) -> str:
    """Return the whole file as text. Raises `InputError` for a file too large, unreadable, or not UTF-8."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"`{path}` cannot be read: {error.strerror or error}") from error
    if len(raw) > MAX_BYTES:
        raise InputError(f"`{path}` is larger than {MAX_BYTES // 1024**2} MiB; split it into smaller files")
    return _decode(raw, path).removeprefix(BOM)


def _decode(raw: bytes, path: Path) -> str:
    if b"\0" in raw:
        raise InputError(f"`{path}` is not text: it holds NUL bytes; remove it or convert it to UTF-8 text")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"`{path}` is not UTF-8 (byte 0x{raw[error.start]:02x} at {error.start}); "
            f"convert it first, for example with `iconv -f GB18030 -t UTF-8`"
        ) from error
