"""Roots and the files below them: what is there, with fingerprints; reads no file."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A regular file. `name` is its path as text that can be stored; times are in nanoseconds."""

    path: Path
    name: str
    size: int
    mtime: int
    ctime: int


@dataclass(slots=True)
class Scan:
    """What is below one root. `blind` are folders that could not be listed: what they hold is not known."""

    files: list[FoundFile] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    blind: list[str] = field(default_factory=list)


def path_name(path: Path) -> str:
    """Return a path as text; bytes that are no UTF-8 become escapes, so two paths never share a name by accident."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def absolute(path: Path) -> Path:
    """Return the path from the root of the file system, `..` resolved by name, links kept as the user wrote them."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute keeps `..`


def is_below(name: str, root: str) -> bool:
    """Tell whether a path is the root itself or lies under it."""
    return name == root or name.startswith(root.rstrip("/") + "/")


def merge_roots(known: Iterable[str], given: Iterable[str]) -> list[str]:
    """Return the roots to remember, sorted: none lies below another."""
    every = sorted({*known, *given})
    return [root for root in every if not any(other != root and is_below(root, other) for other in every)]


def scan_root(root: Path, *, leave_out: Path) -> Scan:
    """List the files below a root in a fixed order, hidden ones and the folder `leave_out` apart.

    Links are followed, each folder once. Raises `InputError` where the root is not there or cannot be listed.
    """
    scan = Scan()
    try:
        found = root.stat()
    except OSError as error:
        raise InputError(
            f"`{root}` is not there ({error.strerror}); name a file or folder that is, or, if it is a root that is gone "
            f"for good, run `huwen index sync --prune` to remove what the index has from it"
        ) from error
    if not stat.S_ISDIR(found.st_mode):
        _take(root, found, scan)
    else:
        _walk(root, scan, seen={_identity(found)}, leave_out=leave_out)
    if not scan.files and path_name(root) in scan.blind:
        raise InputError(f"`{root}`: {scan.skipped[path_name(root)]}; give yourself the permission to read it")
    return scan


def _walk(root: Path, scan: Scan, *, seen: set[tuple[int, int]], leave_out: Path) -> None:
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError as error:
            scan.blind.append(path_name(folder))
            scan.skipped[path_name(folder)] = f"the folder cannot be listed: {error.strerror}"
            continue
        # Real folders come before links to them, so that a file is named by its real place.
        inside = [_step(entry, scan, seen, leave_out) for entry in sorted(entries, key=os.DirEntry.is_symlink)]
        folders += reversed([path for path in inside if path is not None])
    scan.files.sort(key=lambda file: file.name)


def _step(entry: os.DirEntry[str], scan: Scan, seen: set[tuple[int, int]], leave_out: Path) -> Path | None:
    """Take one entry of a folder; return it where it is a folder to walk."""
    path = Path(entry.path)
    if entry.name.startswith(".") or path == leave_out:
        return None
    try:
        found = entry.stat()
    except OSError as error:
        scan.skipped[path_name(path)] = f"cannot be looked at: {error.strerror}"
        return None
    if not stat.S_ISDIR(found.st_mode):
        _take(path, found, scan)
        return None
    if _identity(found) in seen:
        return None
    seen.add(_identity(found))
    return path


def _take(path: Path, found: os.stat_result, scan: Scan) -> None:
    if not stat.S_ISREG(found.st_mode):
        scan.skipped[path_name(path)] = "not a regular file"
        return
    scan.files.append(found_file(path, found))


def found_file(path: Path, found: os.stat_result) -> FoundFile:
    """Return a file's fingerprint."""
    return FoundFile(
        path=path, name=path_name(path), size=found.st_size, mtime=found.st_mtime_ns, ctime=found.st_ctime_ns
    )


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino
