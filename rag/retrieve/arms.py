"""The arms of the search, by words and by vectors, and their fusion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.retrieve.ranking import fuse, ranked
from rag.text.tokens import index_tokens
from rag.types import FusedHit, Hit

if TYPE_CHECKING:
    from rag.protocols import ChunkIndex, Embedder
    from rag.retrieve.search import Search
    from rag.search_types import Query
    from rag.types import Filters

LEXICAL, DENSE = "lexical", "dense"


@dataclass(frozen=True, slots=True, kw_only=True)
class LexicalArm:
    """Searches every query by its words; a chunk keeps its best score among them."""

    index: ChunkIndex
    candidates: int

    def run(self, search: Search) -> Search:
        """Return the search with the hits of this arm."""
        best: dict[str, float] = {}
        for query in search.queries:
            for hit in self._hits(query, search.question.filters):
                best[hit.chunk_id] = max(best.get(hit.chunk_id, 0.0), query.weight * hit.score)
        hits = tuple(
            Hit(chunk_id=chunk_id, score=score, rank=rank)
            for rank, (chunk_id, score) in enumerate(ranked(best)[: self.candidates], 1)
        )
        return replace(search, arms={**search.arms, LEXICAL: hits})

    def _hits(self, query: Query, filters: Filters) -> list[Hit]:
        if query.groups:
            return self.index.search_groups(query.groups, k=self.candidates, filters=filters)
        tokens = index_tokens(query.text)
        # A query without words says nothing here; it must not fill the fusion with arbitrary chunks.
        return self.index.search_lexical(tokens, k=self.candidates, filters=filters) if tokens else []


@dataclass(frozen=True, slots=True, kw_only=True)
class DenseArm:
    """Searches the whole text by its vector; a text without known words finds nothing."""

    index: ChunkIndex
    embedder: Embedder
    candidates: int

    def run(self, search: Search) -> Search:
        """Return the search with the hits of this arm."""
        vector = self.embedder.embed([search.text], kind="query")[0]
        filters = search.question.filters
        hits = self.index.search_dense(vector, k=self.candidates, filters=filters) if vector.any() else []
        return replace(search, arms={**search.arms, DENSE: tuple(hits)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fusion:
    """Puts the arms together on an absolute scale. No hit is cut before."""

    dense_weight: float

    def run(self, search: Search) -> Search:
        """Return the search with its fused hits, best first."""
        lexical, dense = search.arms.get(LEXICAL, ()), search.arms.get(DENSE, ())
        found = {name: {hit.chunk_id: hit for hit in hits} for name, hits in search.arms.items()}
        scores = fuse(lexical, dense, dense_weight=self.dense_weight)
        hits = tuple(
            FusedHit(
                chunk_id=chunk_id,
                score=score,
                rank=rank,
                origins={name: hits[chunk_id].rank for name, hits in found.items() if chunk_id in hits},
                arms={name: hits[chunk_id].score for name, hits in found.items() if chunk_id in hits},
            )
            for rank, (chunk_id, score) in enumerate(ranked(scores), 1)
        )
        return replace(search, hits=hits)
