"""What a question demands beside its words: candidates of another time or another source fall behind those that fit."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from rag.retrieve.periods import Titles, asked_periods, chunk_periods, period_agreement
from rag.retrieve.places import place_agreement, places_in
from rag.retrieve.ranking import ranked
from rag.text.normalise import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.retrieve.rerank_text import Readings
    from rag.retrieve.search import Search
    from rag.search_types import Candidate
    from rag.text.periods import Period

# What a disagreement of 1 takes from the logit of a candidate's probability.
WEIGHT = 2.5
# Candidates that are at least so likely, as a share of the likeliest, say how well anything fits.
PLAUSIBLE = 0.1
NEVER = 1e-6


class Constraint(Protocol):
    """One demand of a question."""

    def agreement(self, candidate: Candidate) -> float:
        """Return how well a candidate fits, -1 to 1, 0 where that is not known."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPeriod:
    """The passage is of one of these periods."""

    periods: tuple[Period, ...]
    titles: Titles

    def agreement(self, candidate: Candidate) -> float:
        """Return how well the chunk's time fits."""
        return period_agreement(
            self.periods,
            chunk_periods(candidate.chunk, candidate.article),
            title=self.titles.periods(candidate.article),
            published=candidate.article.published,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPlace:
    """The passage is of these places, folded."""

    places: tuple[str, ...]
    readings: Readings

    def agreement(self, candidate: Candidate) -> float:
        """Return how well the chunk and its article fit."""
        reading = self.readings.of(candidate)
        return place_agreement(self.places, chunk=f"{reading.header}\n{reading.text}", article=candidate.article.text)


def constraints_of(search: Search, *, readings: Readings, titles: Titles) -> tuple[Constraint, ...]:
    """Return the demands of a question as it is meant."""
    periods = asked_periods(search.text, as_of=search.question.as_of)
    places = places_in(fold(search.text))
    found: list[Constraint] = []
    if periods:
        found.append(OfPeriod(periods=periods, titles=titles))
    if places:
        found.append(OfPlace(places=places, readings=readings))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraining:
    """Takes from the candidates that fit worse than the best-fitting plausible one.

    Where none fits, nothing changes: that the articles do not speak of the time asked for is for the refusal to say.
    """

    readings: Readings
    titles: Titles = field(default_factory=Titles)

    def run(self, search: Search) -> Search:
        """Return the search with its candidates in the new order."""
        rows: Sequence[Candidate] = search.candidates
        constraints = constraints_of(search, readings=self.readings, titles=self.titles) if rows else ()
        for constraint in constraints:
            rows = _weighed(rows, [constraint.agreement(row) for row in rows])
        return replace(search, candidates=tuple(rows))


def _weighed(rows: Sequence[Candidate], fits: Sequence[float]) -> list[Candidate]:
    floor = PLAUSIBLE * max(row.hit.score for row in rows)
    best = max(fit for row, fit in zip(rows, fits, strict=True) if row.hit.score >= floor)
    by_id = {
        row.chunk.chunk_id: replace(
            row, hit=replace(row.hit, score=_lowered(row.hit.score, WEIGHT * max(0.0, best - fit)))
        )
        for row, fit in zip(rows, fits, strict=True)
    }
    return [by_id[chunk_id] for chunk_id, _ in ranked({name: row.hit.score for name, row in by_id.items()})]


def _lowered(probability: float, logit: float) -> float:
    """Return a probability whose logit is so much lower."""
    held = min(max(probability, NEVER), 1 - NEVER)
    return 1.0 / (1.0 + (1.0 - held) / held * math.exp(logit))
