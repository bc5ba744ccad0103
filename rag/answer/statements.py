"""The statements of a passage: its sentences, each short heading together with the line that it heads."""

from __future__ import annotations

import re

from rag.text.sentences import sentence_spans
from rag.types import Span

LONGEST_HEADING = 30
SHORTEST_STATEMENT = 6

_SENTENCE_MARK = re.compile(r"[。！？!?…；;，,、.][”’」』）)》】]*$")
_SOURCE_LINE = re.compile(r"^[■◆]|^(?:转载自|转自|来源|资料来源|编辑|作者|Source)\s*[:：]", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.]|[（(]?\d{1,2}(?:[)）、]|\.(?!\d))|第[一二三四五六七八九十\d]{1,3}[条章节])\s*[^，。；：:\d]{2,10}。$"
)
_LINE_BREAKS = re.compile(r"\s*\n\s*")


def statement_spans(text: str) -> list[Span]:
    """Return the statements' spans in order. A heading says what its line is about, so neither stands without the other."""
    statements: list[Span] = []
    heading: Span | None = None
    for sentence in sentence_spans(text):
        if _SOURCE_LINE.match(text[sentence.start : sentence.end]):
            continue
        start = sentence.start if heading is None else heading.start
        whole = Span(start, sentence.end)
        heading = whole if _is_heading(text[sentence.start : sentence.end]) else None
        if heading is None and whole.end - whole.start >= SHORTEST_STATEMENT:
            statements.append(whole)
    return [*statements, heading] if heading is not None and not statements else statements


def one_line(quote: str) -> str:
    """Return a quote with its line breaks as spaces."""
    return _LINE_BREAKS.sub(" ", quote)


def _is_heading(sentence: str) -> bool:
    """Tell a heading by its missing mark, or by the number before a few words (二、奖励标准。)."""
    if _NUMBERED.match(sentence):
        return True
    return len(sentence) <= LONGEST_HEADING and _SENTENCE_MARK.search(sentence) is None
