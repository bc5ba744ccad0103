"""Reads Word documents (.docx): one page a file, tables as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from zipfile import BadZipFile, ZipFile

from rag.errors import InputError
from rag.ingest.readers.files import MAX_BYTES, MIB, check_size
from rag.ingest.readers.isolated import run_isolated
from rag.ingest.readers.zip_limits import ZIP_ERRORS, check_archive
from rag.types import Page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ZIP_MAGIC = b"PK\x03\x04"
OLD_WORD_MAGIC = b"\xd0\xcf\x11\xe0"
BODY = "word/document.xml"
# The most text of a document that is read in this process; the tree of it is up to 40 times larger.
INLINE_BYTES = 1 * MIB


class DocxReader:
    """Takes Word documents, by suffix or by what their archive begins with."""

    def accepts(self, path: Path, head: bytes) -> bool:
        """Tell by the suffix, or by the names in an archive's first bytes."""
        return path.suffix.lower() == ".docx" or (head.startswith(ZIP_MAGIC) and b"[Content_Types].xml" in head)

    def read(self, path: Path) -> Iterator[Page]:
        """Yield the file as one page."""
        check_size(path, limit=MAX_BYTES)
        if _body_size(path) <= INLINE_BYTES:
            from rag.ingest.readers.word_text import extract

            told = extract(path)
        else:
            told = run_isolated("word_text", path)
        text = "\n".join(cast("list[str]", told["lines"]))
        if not text.strip():
            raise InputError(f"`{path}` holds no text; if it holds images of text, recognise that first")
        yield Page(page_id=path.stem, own_id=False, text=text, markup="plain", source_path=str(path))


def _body_size(path: Path) -> int:
    """Return the size of the document's parts once unpacked, images apart. Raises `InputError`."""
    try:
        check_archive(path)
        with ZipFile(path) as archive:
            sizes = {info.filename: info.file_size for info in archive.infolist()}
    except BadZipFile as error:
        raise InputError(f"`{path}` is no Word document{_what(path)}; save it as .docx") from error
    except ZIP_ERRORS as error:
        raise InputError(f"`{path}` is damaged: {error}; save it again") from error
    if BODY not in sizes:
        raise InputError(f"`{path}` is an Office file but no Word document; save it as .docx, .csv or .pdf")
    return sum(size for name, size in sizes.items() if name.endswith((".xml", ".rels")))


def _what(path: Path) -> str:
    with path.open("rb") as file:
        return " but a .doc of old" if file.read(4) == OLD_WORD_MAGIC else ""
