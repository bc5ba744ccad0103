"""Finds the place where a claim repeats its source but for one thing: another subject or number, a not that came or went."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from rag.answer.entail.alignment import Change, changes_of, matches_of
from rag.answer.entail.bounds import bound_problems, planned_problem
from rag.answer.entail.wording import bare
from rag.answer.entail.words import are_alike, opposites_in
from rag.retrieve.synonyms import variants
from rag.text.dates import DateMention
from rag.text.direction import stances
from rag.text.figures import Figure, covers
from rag.text.marks import read_marks
from rag.text.names import names_in
from rag.text.normalise import level

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from rag.text.marks import Mark
    from rag.types import Passage

OTHER = "other_than_source"
NEGATION = "negation_differs"
NUMBER = "figure_differs"
OPPOSED = "opposite_of_source"
# Of a claim's characters outside the change, how many must stand in the source in order for the rest to be a repetition.
REPEATED = 0.85
LEAST_REPEATED = 10
# One name in the place of another of its kind needs less of the rest to be the same.
REPEATED_FOR_NAMES, LEAST_FOR_NAMES = 0.7, 8
# A change is small beside what is repeated.
SMALL = 0.35
TERM = 8
# A sentence may end in other words, but not in one short word for another.
LAST_TERM = 4
# Two stretches that share more of the shorter one's characters are two ways of writing one thing.
SHARED = 0.5
_NEGATION = re.compile(
    "不(?!仅|但|只|断|同|少|过|到|足|超|低|高|多|锈|久|止|限)|未(?!来)|没有?|非(?!常|洲|遗|公|物)|无(?!人|锡|论|线)|否|勿"
)
_VERDICT = re.compile("^(?:不是|不能|不对|不用|不行|没有|不可以|不需要|不会|是的|能|可以|对)[，,。：:；]")
_WORDS = (
    "(?:[的了着过得地为是有在于和与及或等也都还又就并而且则将已共约近超达至到由从向对把被让使以之其该此这那个家项名位年月]|日(?!本)|"
    "达到|共有|分别|包括|其中|同时|目前|一共|总共|累计|大约|左右|以及|通过|进行|可以|需要|本市|全市|当前|已经|成为|作为)+"
)
_GLUE, _GLUE_END = re.compile(_WORDS), re.compile(f"{_WORDS}$")
_STANDS_FOR = re.compile("^(?:其|该|此|这|本|我们?|他们?|她们?|它们?|记者|公司|企业|项目)")


def substitution_problems(text: str, passages: Sequence[Passage]) -> Iterator[str]:
    """Yield what a claim puts in the place of something else, where it otherwise repeats a passage."""
    claim = level(_VERDICT.sub("", text))
    said = bare(claim)
    rows = [(passage, matches_of(said, bare(passage.text))) for passage in passages]
    passage, blocks = max(rows, key=lambda row: sum(block.size for block in row[1]))
    repeated = sum(block.size for block in blocks)
    source = level(passage.text)
    if repeated >= max(LEAST_REPEATED, REPEATED * len(said)):
        yield from bound_problems(claim, source, blocks)
    changes = [row for row in changes_of(said, source, blocks) if len(row.said) <= SMALL * len(said)]
    others = []
    for change in changes:
        rest = len(said) - len(change.said)
        if repeated >= max(LEAST_REPEATED, REPEATED * rest):
            yield from _problems(claim, source, change)
            is_other = (_is_another_term(change) and not _has_moved(change, changes)) or _are_names(change)
            others += [change] if is_other and not _is_restated(claim, change, passage) else []
        elif repeated >= max(LEAST_FOR_NAMES, REPEATED_FOR_NAMES * rest):
            yield from _turned(change)
            yield from [_other(change)] if _are_names(change) else []
    # Where several places differ, the sentence is told in other words.
    if len(others) == 1 or (others and all(map(_are_names, others))):
        yield from map(_other, others)


def _problems(claim: str, source: str, change: Change) -> Iterator[str]:
    said, found = change.said, change.found
    if len(_NEGATION.findall(said)) % 2 != len(_NEGATION.findall(found)) % 2:
        yield f"{NEGATION}: {said or found}"
    elif re.search(r"\d", said) and re.search(r"\d", found) and not _covers_there(claim, source, change):
        yield f"{NUMBER}: {said} ({found})"
    else:
        yield from _turned(change)
        yield from planned_problem(said, found)


def _turned(change: Change) -> Iterator[str]:
    pair = next(filter(None, (opposites_in(*row) for row in change.wider)), None)
    if pair is not None:
        yield f"{OPPOSED}: {pair[0]} ({pair[1]})"


def _other(change: Change) -> str:
    return f"{OTHER}: {change.said} ({change.found})"


def _is_another_term(change: Change) -> bool:
    """Tell whether a short term stands in the place of another; the end of a sentence may be told in other words."""
    brief = max(len(change.said), len(change.found)) <= (LAST_TERM if change.is_last else TERM)
    if not brief or not _is_another(*map(_core, _apart(change.said, change.found))):
        return False
    rows = [row for said, found in change.wider for row in ((said, found), (_core(said), _core(found)))]
    rows.append(_apart(change.said, change.found))
    return not any(are_alike(one, other, lang="zh") for one, other in dict.fromkeys(rows))


def _apart(said: str, found: str) -> tuple[str, str]:
    """Return the two stretches without what both begin and end with."""
    size = _shared_start(said, found)
    said, found = said[size:], found[size:]
    size = _shared_start(said[::-1], found[::-1])
    return said[: len(said) - size], found[: len(found) - size]


def _shared_start(one: str, other: str) -> int:
    return next(
        (at for at, (char, against) in enumerate(zip(one, other, strict=False)) if char != against),
        min(len(one), len(other)),
    )


def _has_moved(change: Change, changes: Sequence[Change]) -> bool:
    """Tell whether what one of the two says here stands in the other at a place where the one has nothing."""
    said, found = (frozenset(map("".join, pairwise(text))) for text in (change.said, change.found))
    is_later = any(pair in row.said for row in changes if not _core(row.found) for pair in found)
    return is_later or any(pair in row.found for row in changes if not _core(row.said) for pair in said)


def _is_restated(claim: str, change: Change, passage: Passage) -> bool:
    """Tell whether the change is within a date or figure that means the same: 今年 and 2025年, 3.83亿 and 38300万."""
    one = _marks_at(claim, change.at, len(change.said), reference=passage.published)
    other = _marks_at(level(passage.text), change.found_at, len(change.found), reference=passage.published)
    days = [{row.period for row in rows if isinstance(row, DateMention)} for rows in (one, other)]
    figures = [[row for row in rows if isinstance(row, Figure)] for rows in (one, other)]
    is_same_day = days[0] == days[1] != set()
    return is_same_day or any(covers(row, found) for row in figures[0] for found in figures[1])


def _are_names(change: Change) -> bool:
    """Tell whether one name stands in the place of another of its kind."""
    said, found = _core(change.said), _core(change.found)
    return _is_another(said, found) and bool(_kinds(said) & _kinds(found))


def _kinds(text: str) -> frozenset[str]:
    """Return the kinds of name that the whole stretch is written like."""
    return frozenset(name.kind for name in names_in(text) if name.span.end - name.span.start >= len(text) - 1)


def _covers_there(claim: str, source: str, change: Change) -> bool:
    """Tell whether the figures and dates of the claim at the place of the change are those of the source there."""
    one, other = _marks_at(claim, change.at, len(change.said)), _marks_at(source, change.found_at, len(change.found))
    figures = [row for row in other if isinstance(row, Figure)]
    for mark in one:
        if isinstance(mark, Figure) and figures:
            if not any(covers(mark, row) for row in figures):
                return False
        elif other and not any(_digits(claim, mark) == _digits(source, row) for row in other):
            return False
    return True


def _marks_at(text: str, at: int, size: int, *, reference: date | None = None) -> list[Mark]:
    """Return the marks of `text` that its bare characters `at:at + size` belong to."""
    marks = read_marks(text, reference=reference)
    places = [(len(bare(text[: row.span.start])), len(bare(text[: row.span.end])), row) for row in marks]
    return [row for start, end, row in places if start < at + size and at < end]


def _digits(text: str, mark: Mark) -> str:
    return re.sub(r"\D", "", text[mark.span.start : mark.span.end])


def _core(text: str) -> str:
    start, end = _GLUE.match(text), _GLUE_END.search(text)
    return text[start.end() if start else 0 : end.start() if end else len(text)]


def _is_another(said: str, found: str) -> bool:
    """Tell whether two stretches name two things: neither shortens the other, nor do they say the same in other words."""
    if (
        not said
        or not found
        or _STANDS_FOR.match(found)
        or _STANDS_FOR.match(said)
        or (re.search(r"\d", said) and re.search(r"\d", found))
    ):
        return False
    shared = sum((Counter(said) & Counter(found)).values())
    if shared > SHARED * min(len(said), len(found)):
        return False
    return found not in variants(said) and not _same_direction(said, found)


def _same_direction(said: str, found: str) -> bool:
    one, other = (frozenset().union(*(row.directions for row in stances(text))) for text in (said, found))
    return bool(one & other)
