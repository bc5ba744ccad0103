"""Whether a claim that repeats its source keeps the bounds of its figures there, and what is only planned."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.answer.entail.wording import bare
from rag.text.figures import Figure, compare
from rag.text.marks import read_marks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from difflib import Match

QUALIFIER = "qualifier_differs"
NUMBER = "figure_differs"
PLANNED = "planned_in_source"
_PLAN = re.compile("预计|计划|有望|力争|争取|打算|拟|目标|规划|准备|希望")
_STILL_PLANNED = re.compile(f"{_PLAN.pattern}|将|会|要|可")
# Words that bound or blur a number or a crowd, by what they do.
_BOUNDS = (
    ("up", re.compile("超过?|逾|至少|不少于|不低于|以上|余")),
    ("down", re.compile("近|不足|不到|不超过|至多|以下|以内")),
    ("about", re.compile("约|左右|上下")),
    ("all", re.compile("全部|所有|全体|一律|均")),
    ("most", re.compile("多数|大多|大部分|绝大")),
    ("some", re.compile("部分|少数|一些|个别|少量")),
)
_NUMERAL = re.compile(r"[\d一二两三四五六七八九十百千万半]")


def bound_problems(claim: str, source: str, blocks: Sequence[Match]) -> Iterator[str]:
    """Yield the figures of a claim that stand for another figure, or one with another bound, at the same place of the source.

    `blocks` are the matches of the two bare texts; both texts are levelled.
    """
    places = _figures(source)
    for start, end, figure in _figures(claim):
        low, high = _counterpart(start, end, blocks)
        there = [found for left, right, found in places if left < high and low < right]
        relations = [compare(figure, found) for found in there]
        if relations and not {"same", "within"} & set(relations):
            kind = QUALIFIER if "qualifier" in relations else NUMBER
            yield f"{kind}: {claim[figure.span.start : figure.span.end]}"


def planned_problem(said: str, found: str) -> Iterator[str]:
    """Yield where a claim states as done, or as certain, what its source plans; where it bounds a number the other way."""
    if _PLAN.search(found) and not _STILL_PLANNED.search(said):
        yield f"{PLANNED}: {said or found} ({found})"
    one, other = _bounds(said), _bounds(found)
    if one and other and not one & other:
        yield f"{QUALIFIER}: {said} ({found})"


def _bounds(text: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _BOUNDS if pattern.search(text))


def _figures(text: str) -> list[tuple[int, int, Figure]]:
    """Return the figures of a text with their places among its bare characters."""
    marks = [mark for mark in read_marks(text) if isinstance(mark, Figure)]
    return [(len(bare(text[: row.span.start])), len(bare(text[: row.span.end])), row) for row in marks]


def _counterpart(start: int, end: int, blocks: Sequence[Match]) -> tuple[int, int]:
    """Return the place in the source of what stands at `start:end` of the claim; an empty one where it has none."""
    low = next((row.b + max(0, start - row.a) for row in blocks if row.a + row.size > start), 0)
    high = next((row.b + min(row.size, end - row.a) for row in reversed(blocks) if row.a < end), 0)
    return low, high
