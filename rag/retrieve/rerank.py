"""Reranking: the best candidates in the order of what their texts say, scored by how likely they answer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rag.retrieve.features import feature_rows
from rag.retrieve.ranking import ranked
from rag.retrieve.rerank_question import wanted_of
from rag.retrieve.rerank_text import Readings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from rag.protocols import Reranker
    from rag.retrieve.rerank_model import RerankModel
    from rag.retrieve.search import Search
    from rag.search_types import Asked, Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedReranker:
    """A `Reranker` by a light learned scorer. `idf` weighs the question's tokens by how rare they are in the index."""

    idf: Callable[[Sequence[str]], list[float]]
    model: RerankModel
    readings: Readings = field(default_factory=Readings)

    def scores(self, asked: Asked, candidates: Sequence[Candidate]) -> list[float]:
        """Return for each candidate, in order, the probability, 0 to 1, that it answers the question."""
        found: list[float] = self.model.probabilities(self.rows(asked, candidates)).tolist()
        return found

    def rows(self, asked: Asked, candidates: Sequence[Candidate]) -> NDArray[np.float64]:
        """Return the features of the candidates."""
        question = asked.question
        wanted = wanted_of(asked.text, queries=asked.queries, lang=question.lang, as_of=question.as_of, idf=self.idf)
        return feature_rows(wanted, candidates, [self.readings.of(row) for row in candidates])

    def explained(self, asked: Asked, candidates: Sequence[Candidate]) -> list[dict[str, float]]:
        """Return for each candidate what each feature adds to the logit of its score."""
        return [self.model.contributions(row) for row in self.rows(asked, candidates)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reranking:
    """Puts the candidates into the order of a reranker."""

    reranker: Reranker

    def run(self, search: Search) -> Search:
        """Return the search with its candidates in the new order and with new scores."""
        scores = self.reranker.scores(search.asked, search.candidates)
        by_id = {
            row.chunk.chunk_id: replace(row, hit=replace(row.hit, score=score))
            for row, score in zip(search.candidates, scores, strict=True)
        }
        order = ranked({chunk_id: row.hit.score for chunk_id, row in by_id.items()})
        return replace(search, candidates=tuple(by_id[chunk_id] for chunk_id, _ in order))
