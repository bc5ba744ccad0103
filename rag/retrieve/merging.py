"""Neighbouring chunks of an article become one passage where the first five passages have room for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.retrieve.search import Search
    from rag.search_types import Candidate

# The first five passages hold so many characters at most.
SHOWN, BUDGET = 5, 2500
# While fewer than five are there, so many characters are kept for each that is missing.
RESERVE = 400
# Chunks with so many characters between them still become one passage, which holds what is between them.
WIDEST_GAP = 480
# A neighbour is worth its room from this share of the best score on.
WORTH_IT = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Merging:
    """Fills the first five passages: each candidate, in order, joins a neighbour that is there, or stands by itself."""

    def run(self, search: Search) -> Search:
        """Return the search with the first five passages merged; what they hold is left out behind them."""
        rows = search.candidates
        if not rows:
            return search
        likeliest = sorted(rows, key=lambda row: (-row.hit.score, row.chunk.chunk_id))
        floor = WORTH_IT * likeliest[0].hit.score
        shown: list[Candidate] = []
        for row in rows:
            if row.hit.score >= floor or len(shown) < SHOWN:
                shown = _joined(shown, row) or (_added(shown, row) if not _holds(shown, row) else shown)
        # What had to wait until five were there.
        for row in likeliest:
            if row.hit.score >= floor and not _holds(shown, row):
                shown = _joined(shown, row) or shown
        rest = [row for row in rows if not _holds(shown, row)]
        return replace(search, candidates=(*shown, *rest))


def _joined(shown: Sequence[Candidate], row: Candidate) -> list[Candidate] | None:
    """Return the passages with the row's chunk in the first one that it lies near to, or `None` where it fits into none."""
    for at, other in enumerate(shown):
        if other.article.article_id != row.article.article_id or _gap(other, row) > WIDEST_GAP:
            continue
        grown = _merged(other, row)
        longer = [*shown[:at], grown, *shown[at + 1 :]]
        if _room(longer) >= 0 and not _overlaps(longer):
            return longer
    return None


def _added(shown: Sequence[Candidate], row: Candidate) -> list[Candidate]:
    """Return the passages with one more, if five are not there yet and it fits."""
    longer = [*shown, row]
    fits = len(shown) < SHOWN and sum(len(other.chunk.text) for other in longer) <= BUDGET
    return longer if fits else list(shown)


def _room(shown: Sequence[Candidate]) -> int:
    """Return how many characters are left beside what is kept for missing passages."""
    missing = max(0, SHOWN - len(shown))
    return BUDGET - sum(len(row.chunk.text) for row in shown) - RESERVE * missing


def _gap(one: Candidate, other: Candidate) -> int:
    return max(other.chunk.start - one.chunk.end, one.chunk.start - other.chunk.end)


def _merged(one: Candidate, other: Candidate) -> Candidate:
    start, end = min(one.chunk.start, other.chunk.start), max(one.chunk.end, other.chunk.end)
    also = tuple(dict.fromkeys((*one.also, *other.also)))
    chunk = replace(one.chunk, start=start, end=end, text=one.article.text[start:end])
    return replace(one, chunk=chunk, also=also)


def _holds(shown: Sequence[Candidate], row: Candidate) -> bool:
    return any(
        other.article.article_id == row.article.article_id
        and other.chunk.start <= row.chunk.start
        and row.chunk.end <= other.chunk.end
        for other in shown
    )


def _overlaps(shown: Sequence[Candidate]) -> bool:
    """Tell whether two passages hold the same characters, since one grew over a gap into the other."""
    return any(
        one.article.article_id == other.article.article_id and _gap(one, other) < 0
        for at, one in enumerate(shown)
        for other in shown[:at]
    )
