"""Lays a claim beside the text that it repeats: the stretches that both have, and what stands between them on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING

from rag.answer.entail.wording import bare
from rag.text.sentences import clause_spans

if TYPE_CHECKING:
    from collections.abc import Sequence
    from difflib import Match

# How far to each side of the longest match the rest of the claim is looked for.
AROUND = 30
# A match at either end that is this short and this much further off in the source is another mention of the word.
SHORT, FAR = 8, 8
# Characters that a match must have to count as the same place; a change longer than the limit is another sentence.
ANCHOR = 2
LONGEST = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the claim says (`said`, at `at` in its bare text) where the source says `found` (at `found_at` in its own).

    `before` and `after` are the characters beside it that both have: 增 and 长 are parts of a word with what they stand by.
    """

    said: str
    found: str
    at: int
    found_at: int
    is_last: bool
    before: str
    after: str

    @property
    def wider(self) -> list[tuple[str, str]]:
        """The two stretches alone, and with one character more to the left, to the right, and on both sides."""
        sides = [("", ""), (self.before, ""), ("", self.after), (self.before, self.after)]
        return [(left + self.said + right, left + self.found + right) for left, right in dict.fromkeys(sides)]


def matches_of(said: str, found: str) -> list[Match]:
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


def changes_of(said: str, source: str, blocks: Sequence[Match]) -> list[Change]:
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
        Change(
            said=said[start:end],
            found=found[low:high],
            at=start,
            found_at=low,
            is_last=end == len(said),
            before=said[start - 1 : start] if start else "",
            after=said[end : end + 1],
        )
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
