"""Citation marks in a draft, in the forms that models use, and the sentences that they belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.text.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.types import Span

_NUMBERS = r"\d{1,2}(?:\s*[-–—~,，、;；]\s*(?:\^|\[)?\d{1,2})*"
_NAMED = r"(?:资料|来源|文献|passages?|sources?|refs?\.?)"
_WORD = rf"{_NAMED}?\s*"
# `[1]`, `[[1]]`, `［1］`, `（资料1）`, `[^1]`, `[1,2]`, `[1-3]`, `[资料1]`, 【1】, 【1†source】; `(1)` only where it ends a sentence: it also numbers lists.
_MARK = re.compile(
    rf"[\[［〔]\[?\s*\^?{_WORD}({_NUMBERS})\s*\]?[\]］〕]|【\s*\^?{_WORD}({_NUMBERS})(?:†[^】\n]*)?\s*】"
    rf"|(?<=[^\s\d(])[ ]?\(({_NUMBERS})\)(?=\s*(?:[。.!?！？]|\n|$|\(\d))"
    rf"|[(（]\s*(?:见|据)?{_NAMED}\s*[\[【]?({_NUMBERS})[\]】]?\s*[)）]",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d{1,2})\s*[-–—~]\s*(\d{1,2})")
_NUMBER = re.compile(r"\d{1,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSentence:
    """A sentence without its marks, the passage numbers in the order of its marks, and where it ended in the draft.

    `end` is the offset in the draft behind the sentence and behind the marks that follow it.
    """

    text: str
    numbers: tuple[int, ...]
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """`at` is where the mark stood in the text without marks, `end` where it ended in the text with them."""

    numbers: tuple[int, ...]
    at: int
    end: int
    leads_line: bool


def draft_sentences(draft: str) -> tuple[DraftSentence, ...]:
    """Return the draft's sentences in order.

    A mark belongs to the sentence that it stands in or directly behind; one that opens a line, to that line's first.
    """
    bare, marks = _without_marks(draft)
    spans = sentence_spans(bare)
    owned = _owners(spans, marks)
    return tuple(
        DraftSentence(
            text=_tidy(bare[span.start : span.end]),
            numbers=tuple(dict.fromkeys(number for mark in owned[at] for number in mark.numbers)),
            end=max([_in_draft(span.end, marks), *(mark.end for mark in owned[at])]),
        )
        for at, span in enumerate(spans)
    )


def without_marks(text: str) -> str:
    """Return the text with its citation marks taken off."""
    return _tidy(_without_marks(text)[0])


def _without_marks(text: str) -> tuple[str, list[_Mark]]:
    kept, marks, start, length = [], [], 0, 0
    for found in _MARK.finditer(text):
        kept.append(text[start : found.start()])
        length += len(kept[-1])
        before = text[: found.start()].rpartition("\n")[2]
        behind = text[found.end() :].partition("\n")[0]
        marks.append(
            _Mark(
                numbers=_numbers(next(group for group in found.groups() if group is not None)),
                at=length,
                end=found.end(),
                leads_line=not _MARK.sub("", before).strip() and bool(_MARK.sub("", behind).strip()),
            )
        )
        start = found.end()
    return "".join([*kept, text[start:]]), marks


def _owners(spans: Sequence[Span], marks: Sequence[_Mark]) -> list[list[_Mark]]:
    owned: list[list[_Mark]] = [[] for _ in spans]
    for mark in marks:
        begun = [at for at, span in enumerate(spans) if span.start < mark.at]
        behind = [at for at, span in enumerate(spans) if span.start >= mark.at]
        owner = behind[:1] if mark.leads_line or not begun else begun[-1:]
        for at in owner:
            owned[at].append(mark)
    return owned


def _in_draft(offset: int, marks: list[_Mark]) -> int:
    """Return where an offset of the text without marks lies in the draft, before any mark that stands right there."""
    removed = 0
    for mark in marks:
        if mark.at >= offset:
            break
        removed = mark.end - mark.at
    return offset + removed


def _numbers(marked: str) -> tuple[int, ...]:
    expanded = _RANGE.sub(lambda found: " ".join(map(str, range(int(found[1]), int(found[2]) + 1))), marked)
    return tuple(int(number) for number in _NUMBER.findall(expanded))


def _tidy(text: str) -> str:
    """Close the gap that a mark left before a sentence mark, and double blanks."""
    return re.sub(r" +(?=[。，、；！？.,;!?])", "", re.sub(r"[ \t]{2,}", " ", text)).strip()
