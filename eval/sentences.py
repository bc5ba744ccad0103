"""Where sentences begin and end, for finding gold spans; a number, a date or an address is never cut."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

END = re.compile(r"[。！？；!?;\n]+[”’」』）)]*|(?<![A-Z0-9])\.(?=\s+[A-Z“\"])")


def sentences(text: str) -> Iterator[Span]:
    """Yield the sentences in order, white space at both ends left out; together they hold all other characters."""
    start = 0
    for stop in [*(match.end() for match in END.finditer(text)), len(text)]:
        piece = text[start:stop]
        if piece.strip():
            left = start + len(piece) - len(piece.lstrip())
            yield Span(left, start + len(piece.rstrip()))
        start = stop
