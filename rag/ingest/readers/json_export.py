"""Reads JSON exports, of WeChat public accounts and others: an array of records, or an object around one."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING

from rag.errors import InputError
from rag.ingest.readers.columns import ColumnMapping
from rag.ingest.readers.files import read_text
from rag.ingest.readers.json_lines import line_records
from rag.ingest.readers.records import Record, record_pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rag.types import Page

# More values than any export of articles has in so many bytes; each takes up to 200 bytes once parsed.
MAX_MARKS = 1_000_000
_HEAD = re.compile(rb'^(?:\xef\xbb\xbf)?\s*(?:\[\s*(?:\{|\]|$)|\{\s*["}])')
_BLANK = re.compile(r"[ \t\r\n]*")


class JsonReader:
    """Takes JSON files, by suffix or by how they begin (exports are often saved as `.txt`)."""

    def __init__(self, columns: ColumnMapping | None = None) -> None:
        self._columns = ColumnMapping() if columns is None else columns

    def accepts(self, path: Path, head: bytes) -> bool:
        """Tell by the suffix or the first bytes."""
        return path.suffix.lower() == ".json" or _HEAD.match(head) is not None

    def read(self, path: Path) -> Iterator[Page]:
        """Yield one page a record, in file order; then raise `InputError` if some records could not be used."""
        text = read_text(path)
        if max(map(text.count, '[{",')) > MAX_MARKS:
            raise InputError(f"`{path}` is not an export: it holds more than {MAX_MARKS:,} values; split it")
        yield from record_pages(partial(self._records, text, path), path=path, columns=self._columns)

    def _records(self, text: str, path: Path) -> Iterator[Record]:
        try:
            yield from self._parsed(text, path)
        except json.JSONDecodeError as error:
            raise InputError(
                f"`{path}` is not valid JSON: {error.msg} at line {error.lineno}, column {error.colno}; export it again"
            ) from error
        except RecursionError as error:
            raise InputError(f"`{path}` is not an export: its JSON is nested too deep") from error
        except ValueError as error:
            raise InputError(f"`{path}` is not an export: {error}") from error

    def _parsed(self, text: str, path: Path) -> Iterator[Record]:
        start = _skip(text, 0)
        if text.startswith("[", start):
            yield from _array(text, start, path)
            return
        loaded, end = json.JSONDecoder().raw_decode(text, start)
        if isinstance(loaded, dict) and _skip(text, end) < len(text):
            yield from line_records(enumerate(text.encode(errors="replace").splitlines(), 1))
            return
        if _skip(text, end) < len(text):
            raise json.JSONDecodeError("Extra data", text, end)
        yield from self._of_object(loaded, path)

    def _of_object(self, loaded: object, path: Path) -> Iterator[Record]:
        """Yield the records of an object's only array of objects, or the object itself where it is an article."""
        if isinstance(loaded, dict):
            arrays = [value for value in loaded.values() if isinstance(value, list) and _are_objects(value)]
            if self._columns.completed(loaded).text is not None and not arrays:
                yield Record(number=1, fields=loaded)
                return
            if len(arrays) == 1:
                yield from (Record(number=number, fields=fields) for number, fields in enumerate(arrays[0], 1))
                return
        raise InputError(f"`{path}` is not an export: expected a JSON array of objects, got {type(loaded).__name__}")


def _array(text: str, start: int, path: Path) -> Iterator[Record]:
    """Yield an array's records one by one, so that no more than one is held."""
    decoder = json.JSONDecoder()
    at = _skip(text, start + 1)
    number = 0
    while not text.startswith("]", at) or number > 0:
        number += 1
        fields, at = decoder.raw_decode(text, at)
        if not isinstance(fields, dict):
            raise InputError(
                f"`{path}` is not an export: expected a JSON array of objects, "
                f"got {type(fields).__name__} as item {number}"
            )
        yield Record(number=number, fields=fields)
        at = _skip(text, at)
        if text.startswith("]", at):
            break
        if not text.startswith(",", at):
            raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
        at = _skip(text, at + 1)
    if _skip(text, at + 1) < len(text):
        raise json.JSONDecodeError("Extra data", text, at + 1)


def _are_objects(values: list[object]) -> bool:
    return bool(values) and all(isinstance(value, dict) for value in values)


def _skip(text: str, start: int) -> int:
    found = _BLANK.match(text, start)
    return start if found is None else found.end()
