"""Chooses the reader of a file; knows which files are inputs at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import InputError
from rag.ingest.readers.archive import ArchiveReader
from rag.ingest.readers.columns import ColumnMapping
from rag.ingest.readers.feed import FeedReader
from rag.ingest.readers.files import read_head
from rag.ingest.readers.html_page import HtmlReader
from rag.ingest.readers.json_export import JsonReader
from rag.ingest.readers.json_lines import JsonLinesReader
from rag.ingest.readers.pdf import PdfReader
from rag.ingest.readers.plain import TextReader
from rag.ingest.readers.table import TableReader
from rag.ingest.readers.word import DocxReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rag.protocols import Reader
    from rag.types import Page

# Rises whenever a reader makes something else of the same file.
READ_VERSION = 3
KNOWN = ".txt, .md, .html, .pdf, .docx, .csv, .tsv, .json, .jsonl, .rss, .atom and .zip"


def open_readers(columns: ColumnMapping) -> tuple[Reader, ...]:
    """Return a reader of each format; the first that accepts a file reads it, so those that know its bytes come first."""
    formats: tuple[Reader, ...] = (
        PdfReader(),
        DocxReader(),
        FeedReader(),
        HtmlReader(),
        JsonLinesReader(columns),
        JsonReader(columns),
        TableReader(columns),
        TextReader(),
    )
    # An archive in an archive is read, one in that is not.
    inner = ArchiveReader(formats)
    outer = ArchiveReader((*formats[:2], inner, *formats[2:]))
    return (*formats[:2], outer, *formats[2:])


def read_pages(path: Path, *, columns: ColumnMapping | None = None) -> Iterator[Page]:
    """Yield the pages of one file. Raises `InputError`, possibly after the pages that could be read."""
    head = read_head(path)
    for reader in open_readers(ColumnMapping() if columns is None else columns):
        if reader.accepts(path, head):
            yield from reader.read(path)
            return
    raise InputError(f"`{path}` is of no known format; Huwen reads {KNOWN}")
