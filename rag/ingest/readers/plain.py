"""Reads plain-text and Markdown files: one page a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import InputError
from rag.ingest.readers.files import read_text
from rag.types import Page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLAIN_SUFFIXES = frozenset({".txt", ".text"})
MARKDOWN_SUFFIXES = frozenset({".md", ".markdown"})


class TextReader:
    """Takes `.txt` files and Markdown files, whatever they hold."""

    def accepts(self, path: Path, head: bytes) -> bool:
        """Tell by the suffix alone."""
        del head
        return path.suffix.lower() in PLAIN_SUFFIXES | MARKDOWN_SUFFIXES

    def read(self, path: Path) -> Iterator[Page]:
        """Yield the file as one page. Raises `InputError` where it holds nothing but blanks."""
        text = read_text(path)
        if not text.strip():
            raise InputError(f"`{path}` is empty; remove it or fill it")
        yield Page(
            page_id=path.stem,
            own_id=False,
            text=text,
            markup="markdown" if path.suffix.lower() in MARKDOWN_SUFFIXES else "plain",
            source_path=str(path),
        )
