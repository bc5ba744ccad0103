"""Chooses the reader of a file; knows which files are inputs at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import InputError
from rag.ingest.readers.files import read_head
from rag.ingest.readers.plain import TextReader
from rag.ingest.readers.wechat import WechatReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rag.protocols import Reader
    from rag.types import Page

# The first that accepts a file reads it.
READERS: tuple[Reader, ...] = (WechatReader(), TextReader())


def read_pages(path: Path) -> Iterator[Page]:
    """Yield the pages of one file. Raises `InputError`, possibly after the pages that could be read."""
    head = read_head(path)
    for reader in READERS:
        if reader.accepts(path, head):
            yield from reader.read(path)
            return
    raise InputError(f"`{path}` is of no known format; Huwen reads .txt, .md and .json exports of WeChat accounts")
