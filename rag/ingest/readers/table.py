"""Reads CSV and TSV tables with a row of column names: one page a row."""

from __future__ import annotations

import csv
from functools import partial
from typing import TYPE_CHECKING

from rag.errors import InputError
from rag.ingest.readers.columns import ColumnMapping
from rag.ingest.readers.files import MIB, read_text
from rag.ingest.readers.records import Record, record_pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rag.types import Page

SUFFIXES = frozenset({".csv", ".tsv"})
DELIMITERS = "\t;,"
# In characters.
MAX_ROW = 4 * MIB
MAX_NAMES = 100_000
MAX_COLUMNS = 1000


class TableReader:
    """Takes `.csv` and `.tsv` files; the separator is the one that the row of names holds most of."""

    def __init__(self, columns: ColumnMapping | None = None) -> None:
        self._columns = ColumnMapping() if columns is None else columns

    def accepts(self, path: Path, head: bytes) -> bool:
        """Tell by the suffix alone."""
        del head
        return path.suffix.lower() in SUFFIXES

    def read(self, path: Path) -> Iterator[Page]:
        """Yield one page a row; then raise `InputError` if some rows could not be used."""
        text = read_text(path)
        yield from record_pages(partial(self._records, text, path), path=path, columns=self._columns)

    def _records(self, text: str, path: Path) -> Iterator[Record]:
        # The csv module's limit is the process's; an article may be longer than its default.
        csv.field_size_limit(MAX_ROW)
        lines = _Lines(text)
        rows = csv.reader(lines, delimiter=_delimiter(text))
        try:
            names = [name.strip() for name in next(rows, [])]
            self._check(names, path)
            for number, row in enumerate(rows, 1):
                lines.taken = 0
                if any(row):
                    yield Record(number=number, fields=dict(zip(names, row, strict=False)))
        except csv.Error as error:
            raise InputError(f"`{path}` is no table: {error} at line {rows.line_num}; export it again") from error

    def _check(self, names: list[str], path: Path) -> None:
        column = self._columns.completed(names).text
        if column is None or column not in names or len(names) > MAX_COLUMNS:
            shown = ", ".join(names[:10])[:200]
            raise InputError(
                f"`{path}` has no column that holds the text (got {shown}); "
                f'name it in huwen.toml, for example `columns = {{text = "正文"}}`'
            )


def _delimiter(text: str) -> str:
    first = text[: max(0, text.find("\n"))] or text[:MAX_NAMES]
    return max(DELIMITERS, key=first.count)


class _Lines:
    """Yields lines with their ends, without a second copy of the whole text; `taken` is for the reader to set back."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._start = 0
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        """Return the next line. Raises `csv.Error` where one row grows beyond all bounds."""
        start = self._start
        if start >= len(self._text):
            raise StopIteration
        self._start = self._text.find("\n", start) + 1 or len(self._text)
        self.taken += self._start - start
        if self.taken > MAX_ROW:
            raise csv.Error(f"a row longer than {MAX_ROW // MIB} MiB")
        return self._text[start : self._start]
