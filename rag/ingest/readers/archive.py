"""Reads ZIP archives: each file in them through the other readers, one at a time, in a temporary folder."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING
from zipfile import BadZipFile, ZipFile, ZipInfo

from rag.errors import InputError
from rag.ingest.identity import page_names
from rag.ingest.readers.files import MAX_BYTES, MIB, check_size, read_head
from rag.ingest.readers.zip_limits import ZIP_ERRORS, check_archive

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.protocols import Reader
    from rag.types import Page

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
MEMBER_MARK = "!"
NAMED_FAILURES = 10
BLOCK = 1 * MIB
MAX_NAME = 80
UTF8_NAME = 0x800
ENCRYPTED = 0x1


class ArchiveReader:
    """Takes ZIP archives, by suffix or first bytes; `readers` read what is in them, the first that accepts a file."""

    def __init__(self, readers: Sequence[Reader]) -> None:
        self._readers = readers

    def accepts(self, path: Path, head: bytes) -> bool:
        """Tell by the suffix or the first bytes."""
        return path.suffix.lower() == ".zip" or head.startswith(MAGIC)

    def read(self, path: Path) -> Iterator[Page]:
        """Yield the pages of every file in the archive; then raise `InputError` naming those that could not be read."""
        check_size(path, limit=MAX_BYTES)
        failures: list[str] = []
        try:
            check_archive(path)
            with ZipFile(path) as archive, tempfile.TemporaryDirectory(prefix="huwen-") as folder:
                members = {_name(info): info for info in archive.infolist() if _is_input(info)}
                if not members:
                    raise InputError(f"`{path}` holds no files")
                ids = page_names(members)
                for name in sorted(members):
                    try:
                        yield from self._member(archive, members[name], path=path, page_id=ids[name], folder=folder)
                    except InputError as error:
                        failures.append(str(error))
        except BadZipFile as error:
            raise InputError(f"`{path}` is no ZIP archive, or a damaged one: {error}; pack it again") from error
        except ZIP_ERRORS as error:
            raise InputError(f"`{path}` cannot be unpacked: {error}; pack it again") from error
        if failures:
            more = f"; and {len(failures) - NAMED_FAILURES} more" if len(failures) > NAMED_FAILURES else ""
            raise InputError("; ".join(failures[:NAMED_FAILURES]) + more)

    def _member(self, archive: ZipFile, info: ZipInfo, *, path: Path, page_id: str, folder: str) -> Iterator[Page]:
        shown = f"{path}{MEMBER_MARK}{_name(info)}"
        copy = _unpacked(archive, info, folder=Path(folder), shown=shown)
        try:
            for page in self._pages(copy, shown):
                yield replace(
                    page,
                    page_id=page.page_id if page.own_id else f"{path.stem}{MEMBER_MARK}{page_id}",
                    source_path=page.source_path.replace(str(copy), shown),
                )
        except InputError as error:
            raise InputError(str(error).replace(str(copy), shown)) from error
        finally:
            copy.unlink(missing_ok=True)

    def _pages(self, copy: Path, shown: str) -> Iterator[Page]:
        head = read_head(copy)
        for reader in self._readers:
            if reader.accepts(copy, head):
                return reader.read(copy)
        raise InputError(f"`{shown}` is of no known format; remove it from the archive")


def _unpacked(archive: ZipFile, info: ZipInfo, *, folder: Path, shown: str) -> Path:
    """Write a member under a name of its own in the folder: the archive's paths are never used as paths."""
    if info.flag_bits & ENCRYPTED:
        raise InputError(f"`{shown}` is locked by a password; pack it without one")
    if info.file_size > MAX_BYTES:
        raise InputError(f"`{shown}` is larger than {MAX_BYTES // MIB} MiB; split it into smaller files")
    copy = folder / _safe(PurePosixPath(_name(info)).name)
    try:
        with archive.open(info) as packed, copy.open("wb") as file:
            _copy(packed, file, shown=shown)
    except ZIP_ERRORS as error:
        raise InputError(f"`{shown}` cannot be unpacked: {error}; pack it again") from error
    return copy


def _copy(packed: IO[bytes], file: IO[bytes], *, shown: str) -> None:
    left = MAX_BYTES
    while block := packed.read(BLOCK):
        left -= len(block)
        if left < 0:
            raise InputError(f"`{shown}` is larger than it says; pack it again")
        file.write(block)


def _is_input(info: ZipInfo) -> bool:
    """Tell whether a member is a file that a folder's scan would take too."""
    parts = PurePosixPath(_name(info)).parts
    return not info.is_dir() and bool(parts) and not any(part.startswith((".", "__MACOSX")) for part in parts)


def _name(info: ZipInfo) -> str:
    """Return a member's name; Chinese systems write it in GBK without saying so."""
    if info.flag_bits & UTF8_NAME:
        return info.filename
    raw = info.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _safe(name: str) -> str:
    """Return a file's name that any system takes, with its suffix."""
    clean = "".join(char if char.isprintable() and char not in '\\/:*?"<>|' else "_" for char in name)
    stem, dot, suffix = clean.rpartition(".")
    return f"{stem[:MAX_NAME]}{dot}{suffix[:10]}" if dot else clean[:MAX_NAME]
