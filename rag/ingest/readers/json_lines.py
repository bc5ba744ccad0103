"""Reads JSON Lines: one record a line, a line at a time, so that a file may have any length."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from rag.errors import InputError
from rag.ingest.readers.columns import ColumnMapping
from rag.ingest.readers.encoding import NotTextError, decode
from rag.ingest.readers.files import MIB
from rag.ingest.readers.records import Record, record_pages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from rag.types import Page

SUFFIXES = frozenset({".jsonl", ".ndjson"})
MAX_LINE = 4 * MIB


class JsonLinesReader:
    """Takes `.jsonl` and `.ndjson` files."""

    def __init__(self, columns: ColumnMapping | None = None) -> None:
        self._columns = ColumnMapping() if columns is None else columns

    def accepts(self, path: Path, head: bytes) -> bool:
        """Tell by the suffix; an array in such a file is left to the JSON reader."""
        return path.suffix.lower() in SUFFIXES and not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")

    def read(self, path: Path) -> Iterator[Page]:
        """Yield one page a line; then raise `InputError` if some lines could not be used."""
        yield from record_pages(partial(_records, path), path=path, columns=self._columns)


def line_records(lines: Iterable[tuple[int, bytes]]) -> Iterator[Record]:
    """Yield the record of each line that is not blank."""
    for number, line in lines:
        if line.strip():
            yield Record(number=number, fields=_fields(line))


def _records(path: Path) -> Iterator[Record]:
    try:
        yield from line_records(_lines(path))
    except OSError as error:
        raise InputError(f"`{path}` cannot be read: {error.strerror or error}") from error


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE + 1):
            number += 1
            if len(line) > MAX_LINE:
                raise InputError(f"`{path}` has a line longer than {MAX_LINE // MIB} MiB (number {number})")
            yield number, line


def _fields(line: bytes) -> dict[str, object] | str:
    try:
        loaded = json.loads(decode(line))
    except NotTextError:
        return "not text"
    except json.JSONDecodeError as error:
        return f"not valid JSON ({error.msg})"
    except (RecursionError, ValueError):
        return "not valid JSON"
    return loaded if isinstance(loaded, dict) else f"not an object but {type(loaded).__name__}"
