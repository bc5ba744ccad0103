"""Finds the place where a claim repeats its source but for one thing: another subject or number, a not that came or went."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING

from rag.answer.entail.wording import bare
from rag.retrieve.synonyms import variants
from rag.text.direction import stances
from rag.text.figures import Figure, covers
from rag.text.marks import read_marks
from rag.text.names import names_in
from rag.text.normalise import level
from rag.text.sentences import clause_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from difflib import Match

    from rag.text.marks import Mark
    from rag.types import Passage

OTHER = "other_than_source"
NEGATION = "negation_differs"
NUMBER = "figure_differs"
# Of a claim's characters outside the change, how many must stand in the source in order for the rest to be a repetition.
REPEATED = 0.85
LEAST_REPEATED = 16
# One name in the place of another of its kind needs less of the rest to be the same.
REPEATED_FOR_NAMES, LEAST_FOR_NAMES = 0.7, 8
# A change is small beside what is repeated.
SMALL = 0.35
# How far to each side of the longest match the rest of the claim is looked for.
AROUND = 30
# A match at either end that is this short and this much further off in the source is another mention of the word.
SHORT, FAR = 8, 8
# Characters that a match must have to count as the same place; a change longer than the limit is another sentence.
ANCHOR = 2
LONGEST = 16
TERM = 8
# Two stretches that share more of the shorter one's characters are two ways of writing one thing.
SHARED = 0.5
_NEGATION = re.compile(
    "不(?!仅|但|只|断|同|少|过|到|足|超|低|高|多|锈|久|止|限)|未(?!来)|没有?|非(?!常|洲|遗|公|物)|无(?!人|锡|论|线)|否|勿"
)
_VERDICT = re.compile("^(?:不是|不能|不对|不用|不行|没有|不可以|不需要|不会|是的|能|可以|对)[，,。：:；]")
_WORDS = (
    "(?:[的了着过得地为是有在于和与及或等也都还又就并而且则将已共约近超达至到由从向对把被让使以之其该此这那个家项名位年月日]|"
    "达到|共有|分别|包括|其中|同时|目前|一共|总共|累计|大约|左右|以及|通过|进行|可以|需要|本市|全市|当前|已经|成为|作为)+"
)
_GLUE, _GLUE_END = re.compile(_WORDS), re.compile(f"{_WORDS}$")
_STANDS_FOR = re.compile("^(?:其|该|此|这|本|我们?|他们?|她们?|它们?|记者|公司|企业|项目)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """What the claim says (`said`, at `at` in its bare text) where the source says `found` (at `found_at` in its own)."""

    said: str
    found: str
    at: int
    found_at: int
    is_last: bool


def substitution_problems(text: str, passages: Sequence[Passage]) -> Iterator[str]:
    """Yield what a claim puts in the place of something else, where it otherwise repeats a passage."""
    claim = level(_VERDICT.sub("", text))
    said = bare(claim)
    rows = [(passage, _blocks(said, bare(passage.text))) for passage in passages]
    passage, blocks = max(rows, key=lambda row: sum(block.size for block in row[1]))
    repeated = sum(block.size for block in blocks)
    source = level(passage.text)
    others = []
    for change in _changes(said, source, blocks):
        rest = len(said) - len(change.said)
        if len(change.said) > SMALL * len(said):
            continue
        if repeated >= max(LEAST_REPEATED, REPEATED * rest):
            yield from _problems(claim, source, change)
            others += [change] if _is_another_term(change) or _are_names(change) else []
        elif repeated >= max(LEAST_FOR_NAMES, REPEATED_FOR_NAMES * rest) and _are_names(change):
            yield _other(change)
    # Where several places differ, the sentence is told in other words.
    if len(others) == 1 or (others and all(map(_are_names, others))):
        yield from map(_other, others)


def _problems(claim: str, source: str, change: _Change) -> Iterator[str]:
    said, found = change.said, change.found
    if len(_NEGATION.findall(said)) % 2 != len(_NEGATION.findall(found)) % 2:
        yield f"{NEGATION}: {said or found}"
    elif re.search(r"\d", said) and re.search(r"\d", found) and not _covers_there(claim, source, change):
        yield f"{NUMBER}: {said} ({found})"


def _other(change: _Change) -> str:
    return f"{OTHER}: {change.said} ({change.found})"


def _is_another_term(change: _Change) -> bool:
    """Tell whether a short term stands in the place of another; the end of a sentence may be told in other words."""
    brief = max(len(change.said), len(change.found)) <= TERM
    return brief and not change.is_last and _is_another(_core(change.said), _core(change.found))


def _are_names(change: _Change) -> bool:
    """Tell whether one name stands in the place of another of its kind."""
    said, found = _core(change.said), _core(change.found)
    return _is_another(said, found) and bool(_kinds(said) & _kinds(found))


def _kinds(text: str) -> frozenset[str]:
    """Return the kinds of name that the whole stretch is written like."""
    return frozenset(name.kind for name in names_in(text) if name.span.end - name.span.start >= len(text) - 1)


def _blocks(said: str, found: str) -> list[Match]:
    """Return the matches in order, near the longest one: a word that the source says again elsewhere is none."""
    longest = SequenceMatcher(None, said, found, autojunk=False).find_longest_match()
    low = max(0, longest.b - longest.a - AROUND)
    window = found[low : longest.b + len(said) - longest.a + AROUND]
    matched = SequenceMatcher(None, said, window, autojunk=False).get_matching_blocks()
    return _without_strays([row._replace(b=row.b + low) for row in matched if row.size >= ANCHOR])


def _without_strays(blocks: list[Match]) -> list[Match]:
    """Return the blocks without a short one at either end that lies far off in the source and close by in the claim."""
    for one, other, stray in ((0, 1, 0), (-2, -1, -1)):
        if len(blocks) > 1 and blocks[stray].size < SHORT:
            before, behind = blocks[one], blocks[other]
            if (behind.b - before.b - before.size) - (behind.a - before.a - before.size) > FAR:
                del blocks[stray]
    return blocks


def _changes(said: str, source: str, blocks: Sequence[Match]) -> list[_Change]:
    """Return what stands between the matches on both sides; before the first and after the last, to the clause's border."""
    if not blocks:
        return []
    found, borders = _with_borders(source)
    first, last = blocks[0], blocks[-1]
    after = min(at for at in borders if at >= last.b + last.size)
    gaps = [
        (0, first.a, _opening(first, borders), first.b),
        (last.a + last.size, len(said), last.b + last.size, after),
    ]
    gaps += [(one.a + one.size, other.a, one.b + one.size, other.b) for one, other in pairwise(blocks)]
    return [
        _Change(said=said[start:end], found=found[low:high], at=start, found_at=low, is_last=end == len(said))
        for start, end, low, high in gaps
        if (end > start or high > low) and max(end - start, high - low) <= LONGEST
    ]


def _opening(first: Match, borders: Sequence[int]) -> int:
    """Return where the clause begins that the claim begins with; the one before, where only a name may stand before it."""
    before = [at for at in borders if at < first.b or (at == first.b and first.a == 0)]
    return max(before, default=first.b)


def _with_borders(text: str) -> tuple[str, list[int]]:
    """Return the bare text and the places in it where a clause begins or ends."""
    found, borders = "", [0]
    for span in clause_spans(text):
        found += bare(text[span.start : span.end])
        borders.append(len(found))
    return found, borders


def _covers_there(claim: str, source: str, change: _Change) -> bool:
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


def _marks_at(text: str, at: int, size: int) -> list[Mark]:
    """Return the marks of `text` that its bare characters `at:at + size` belong to."""
    places = [(len(bare(text[: row.span.start])), len(bare(text[: row.span.end])), row) for row in read_marks(text)]
    return [row for start, end, row in places if start < at + size and at < end]


def _digits(text: str, mark: Mark) -> str:
    return re.sub(r"\D", "", text[mark.span.start : mark.span.end])


def _core(text: str) -> str:
    start, end = _GLUE.match(text), _GLUE_END.search(text)
    return text[start.end() if start else 0 : end.start() if end else len(text)]


def _is_another(said: str, found: str) -> bool:
    """Tell whether two stretches name two things: neither shortens the other, nor do they say the same in other words."""
    if not said or not found or _STANDS_FOR.match(found) or (re.search(r"\d", said) and re.search(r"\d", found)):
        return False
    shared = sum((Counter(said) & Counter(found)).values())
    if shared > SHARED * min(len(said), len(found)):
        return False
    return found not in variants(said) and not _same_direction(said, found)


def _same_direction(said: str, found: str) -> bool:
    one, other = (frozenset().union(*(row.directions for row in stances(text))) for text in (said, found))
    return bool(one & other)
