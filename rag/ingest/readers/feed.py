"""Reads RSS and Atom files: one page an entry; follows no link."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, cast

from rag.errors import InputError
from rag.ingest.readers.columns import ColumnMapping
from rag.ingest.readers.feed_entries import FIELDS, extract
from rag.ingest.readers.files import MIB, check_size
from rag.ingest.readers.isolated import run_isolated
from rag.ingest.readers.records import Record, record_pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rag.types import Page

SUFFIXES = frozenset({".rss", ".atom", ".xml"})
INLINE_BYTES = 256 * 1024
MAX_FEED = 8 * MIB
_HEAD = re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF)\b[^>]*>")


class FeedReader:
    """Takes feeds, by suffix or by their first element."""

    def accepts(self, path: Path, head: bytes) -> bool:
        """Tell by the suffix, or by a feed's element after an XML declaration."""
        is_xml = head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"<?xml", b"<rss", b"<feed"))
        return path.suffix.lower() in SUFFIXES or (is_xml and _HEAD.search(head) is not None)

    def read(self, path: Path) -> Iterator[Page]:
        """Yield one page an entry; then raise `InputError` if some entries have no text."""
        check_size(path, limit=MAX_FEED)
        told = extract(path) if path.stat().st_size <= INLINE_BYTES else run_isolated("feed_entries", path)
        entries = cast("list[dict[str, object]]", told["entries"])
        if not entries:
            raise InputError(f"`{path}` is no feed with entries; Huwen reads RSS and Atom")
        records = partial(_records, entries)
        yield from record_pages(records, path=path, columns=ColumnMapping(**{field: field for field in FIELDS}))


def _records(entries: list[dict[str, object]]) -> Iterator[Record]:
    return (Record(number=number, fields=fields) for number, fields in enumerate(entries, 1))
