"""Reads PDF files by their text layer: one page a file, columns in reading order; does no character recognition."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast

from rag.errors import InputError
from rag.ingest.readers.files import MAX_BYTES, check_size
from rag.ingest.readers.isolated import run_isolated
from rag.types import Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MAGIC = b"%PDF-"
# A line is a running header or footer when it opens or closes most pages of a document that is long enough to tell.
FURNITURE_PAGES = 3
FURNITURE_SHARE = 0.5


class PdfReader:
    """Takes PDF files, by their first bytes or their suffix."""

    def accepts(self, path: Path, head: bytes) -> bool:
        """Tell by the mark near the beginning, or by the suffix."""
        return path.suffix.lower() == ".pdf" or MAGIC in head[:1024]

    def read(self, path: Path) -> Iterator[Page]:
        """Yield the file as one page; then raise `InputError` if some of its pages are scans without a text layer."""
        check_size(path, limit=MAX_BYTES)
        told = run_isolated("pdf_text", path)
        sheets = cast("list[list[str]]", told["sheets"])
        scans = cast("list[int]", told["scans"])
        lines = [line for sheet in sheets for line in sheet]
        if not lines:
            found = f"a scan: {len(sheets)} pages of images without a text layer" if scans else "empty"
            raise InputError(f"`{path}` is {found}; recognise its text first, for example with `ocrmypdf -l chi_sim`")
        yield Page(
            page_id=path.stem,
            own_id=False,
            text="\n".join(lines),
            markup="plain",
            source_path=str(path),
            furniture=_running_lines(sheets),
        )
        if scans:
            numbers = ", ".join(map(str, scans[:10]))
            raise InputError(
                f"`{path}`: {len(scans)} of {len(sheets)} pages are scans without a text layer and were left out "
                f"(page {numbers}); recognise their text first, for example with `ocrmypdf -l chi_sim`"
            )


def _running_lines(sheets: Sequence[Sequence[str]]) -> frozenset[str]:
    if len(sheets) < FURNITURE_PAGES:
        return frozenset()
    counts = Counter(line for sheet in sheets if sheet for line in {sheet[0].strip(), sheet[-1].strip()})
    return frozenset(line for line, count in counts.items() if count >= FURNITURE_SHARE * len(sheets))
