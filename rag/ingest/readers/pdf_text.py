"""Takes the lines out of a PDF with pdfium; knows no pages of ours and runs in a process of its own."""

from __future__ import annotations

import re
from ctypes import c_double
from typing import TYPE_CHECKING

from rag.errors import InputError
from rag.ingest.readers.columns_of_print import Run, reading_order

if TYPE_CHECKING:
    from pathlib import Path

    import pypdfium2

MAX_SHEETS = 5000
MAX_CHARS = 8_000_000
# In heights of a character: what is further along the line, or further off it, begins a new run.
NEW_RUN_GAP = 1.2
NEW_RUN_RISE = 0.6
_NUMBER = re.compile(r"\W*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／，,共]+\s*\d{1,4}(?:\s*页)?)?\W*")


def extract(path: Path) -> dict[str, object]:
    """Return `sheets`, the lines of each page in reading order, and `scans`, the numbers of pages that are images."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as document:
            return _sheets(document, path)
    except pypdfium2.PdfiumError as error:
        reason = "it is locked by a password" if "password" in str(error).lower() else str(error)
        raise InputError(f"`{path}` cannot be read as PDF: {reason.rstrip('.')}; save it again") from error


def _sheets(document: pypdfium2.PdfDocument, path: Path) -> dict[str, object]:
    if len(document) > MAX_SHEETS:
        raise InputError(f"`{path}` has more than {MAX_SHEETS} pages (got {len(document)}); split it")
    sheets: list[list[str]] = []
    scans: list[int] = []
    chars = 0
    for number in range(len(document)):
        page = document[number]
        lines = reading_order(_without_number(_runs(page)))
        chars += sum(map(len, lines))
        if chars > MAX_CHARS:
            raise InputError(f"`{path}` holds more than {MAX_CHARS:,} characters; split it")
        if not lines and _has_image(page):
            scans.append(number + 1)
        sheets.append(lines)
        page.close()
    return {"sheets": sheets, "scans": scans}


def _runs(page: pypdfium2.PdfPage) -> list[Run]:
    """Return the page's runs of characters on one line, in the order of its content."""
    from pypdfium2 import raw

    textpage = page.get_textpage()
    left, right, bottom, top = (c_double() for _ in range(4))
    runs: list[Run] = []
    for index in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage, index)
        char = chr(code) if 0x20 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else " "
        if char.isspace() or not raw.FPDFText_GetCharBox(textpage, index, left, right, bottom, top):
            if char == " " and code != 0x20:
                continue
            if runs:
                runs[-1] = runs[-1].spaced()
            continue
        run = Run(text=char, left=left.value, right=right.value, bottom=bottom.value, top=top.value)
        if runs and _continues(runs[-1], run):
            runs[-1] = runs[-1].joined(run)
        else:
            runs.append(run)
    textpage.close()
    return runs


def _continues(before: Run, after: Run) -> bool:
    height = max(before.height, after.height)
    gap = after.left - before.right
    return -height < gap <= NEW_RUN_GAP * height and abs(after.middle - before.middle) <= NEW_RUN_RISE * height


def _has_image(page: pypdfium2.PdfPage) -> bool:
    from pypdfium2 import raw

    return any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _without_number(runs: list[Run]) -> list[Run]:
    """Return a sheet's runs without the page number that opens or closes it."""
    if not runs:
        return runs
    edges = {max(runs, key=lambda run: run.top), min(runs, key=lambda run: run.bottom)}
    numbers = {run for run in edges if _NUMBER.fullmatch(run.text)}
    return [run for run in runs if run not in numbers]
