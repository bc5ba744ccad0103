"""What an archive may be before anything in it is unpacked: sizes, number and ratio of its members."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from rag.errors import InputError
from rag.ingest.readers.files import MIB

if TYPE_CHECKING:
    from pathlib import Path

MAX_MEMBERS = 20_000
MAX_TOTAL = 512 * MIB
# Text packs 3 to 20 times; small archives of blanks are no danger.
MAX_RATIO = 200
RATIO_FROM = 4 * MIB
# A directory of MAX_MEMBERS names.
MAX_DIRECTORY = 4 * MIB
TAIL = 66_000
END, ZIP64 = b"PK\x05\x06", b"PK\x06\x07"
ZIP_ERRORS = (BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError, LookupError)


def check_archive(path: Path) -> None:
    """Raise `InputError` for an archive beyond the limits, `BadZipFile` and kin for a damaged one."""
    _check_directory(path)
    with ZipFile(path) as archive:
        members = archive.infolist()
    total = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if len(members) > MAX_MEMBERS:
        raise InputError(f"`{path}` holds more than {MAX_MEMBERS:,} files (got {len(members):,}); split it")
    if total > MAX_TOTAL:
        raise InputError(f"`{path}` unpacks to more than {MAX_TOTAL // MIB} MiB (got {total // MIB:,} MiB); split it")
    if total > RATIO_FROM and total / packed > MAX_RATIO:
        raise InputError(
            f"`{path}` unpacks to {total / packed:,.0f} times its size, as no text does; unpack it and look at it"
        )


def _check_directory(path: Path) -> None:
    """Look at the size of the directory before it is loaded: a name of one letter takes 500 bytes in memory."""
    size = path.stat().st_size
    if size <= MAX_DIRECTORY:
        return
    with path.open("rb") as file:
        file.seek(max(0, size - TAIL))
        tail = file.read(TAIL)
    at = tail.rfind(END)
    if at < 0 or ZIP64 in tail[max(0, at - 20) : at]:
        raise InputError(f"`{path}` is damaged, or a ZIP64 archive; unpack it and name the folder")
    if int.from_bytes(tail[at + 12 : at + 16], "little") > MAX_DIRECTORY:
        raise InputError(f"`{path}` holds more than {MAX_MEMBERS:,} files; split it")
