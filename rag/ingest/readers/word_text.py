"""Takes the lines out of a Word document with python-docx; a row of a table is a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docx.document import Document
    from lxml.etree import _Element

CELL_MARK = " | "
MAX_DEPTH = 20


def extract(path: Path) -> dict[str, object]:
    """Return `lines`: the document's paragraphs and rows in order. Raises `InputError`."""
    import docx

    try:
        document = docx.Document(str(path))
        return {"lines": list(_lines(document.element.body, document, depth=0))}
    except InputError:
        raise
    except Exception as error:  # the library maps no errors: lxml's, zipfile's and KeyErrors come through
        raise InputError(f"`{path}` cannot be read as a Word document: {error}; save it again") from error


def _lines(element: _Element, document: Document, *, depth: int) -> Iterator[str]:
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    if depth > MAX_DEPTH:
        return
    for child in element.iterchildren(qn("w:p"), qn("w:tbl"), qn("w:sdt"), qn("w:sdtContent")):
        if child.tag == qn("w:p"):
            yield Paragraph(child, document).text
        elif child.tag == qn("w:tbl"):
            yield from _rows(child, document, depth=depth + 1)
        else:
            yield from _lines(child, document, depth=depth + 1)


def _rows(table: _Element, document: Document, *, depth: int) -> Iterator[str]:
    from docx.oxml.ns import qn

    for row in table.iterchildren(qn("w:tr")):
        cells = [
            " ".join(" ".join(_lines(cell, document, depth=depth)).split()) for cell in row.iterchildren(qn("w:tc"))
        ]
        if any(cells):
            yield CELL_MARK.join(cells)
