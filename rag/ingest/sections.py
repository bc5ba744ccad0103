"""Section titles inside an article: short lines of their own that no sentence mark ends, with text below."""

from __future__ import annotations

import re
from itertools import pairwise

from rag.types import Span

LONGEST_TITLE = 30
# A line this long below a short one shows that the short one heads something.
SHORTEST_BODY_LINE = 40

_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十百]+[章节部分]|[（(][一二三四五六七八九十]{1,3}[)）])"
)
_ENDS_SENTENCE = re.compile(r"[。！？!?…；;，,、：:.]$")
# A part of a notice may hold no more than a telephone number.
_PART = re.compile(r"^(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十百]+[章节部分])")
# A telephone number or an address heads nothing.
_CONTACT = re.compile(r"\d{3,}[- ]?\d{4,}|@|https?://")
_LINE = re.compile(r"[^\n]+")


def section_titles(text: str) -> tuple[Span, ...]:
    """Return the spans of the section titles, in order; a title line is never the last line."""
    lines = [Span(found.start(), found.end()) for found in _LINE.finditer(text)]
    return tuple(
        line
        for line, below in pairwise(lines)
        if _is_title(text[line.start : line.end])
        and (below.end - below.start >= SHORTEST_BODY_LINE or _PART.match(text[line.start : line.end]))
    )


def _is_title(line: str) -> bool:
    if len(line) > LONGEST_TITLE or _ENDS_SENTENCE.search(line) or _CONTACT.search(line):
        return False
    return _NUMBERED.match(line) is not None or len(line) >= 4
