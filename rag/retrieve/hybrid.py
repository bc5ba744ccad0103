"""The retriever: both arms of the search, fused on an absolute scale, spread over articles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from rag.protocols import ArticleStore, ChunkIndex
from rag.retrieve.diversity import collapse, spread
from rag.retrieve.followup import completed
from rag.retrieve.query import content_words
from rag.retrieve.ranking import fuse, ranked
from rag.retrieve.synonyms import variants
from rag.text.normalise import fold
from rag.text.tokens import index_tokens
from rag.types import FusedHit, Hit, Passage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.protocols import Embedder
    from rag.types import Chunk, Question

# Of how many times k hits the passages are chosen: duplicates and further chunks of an article fall out.
POOL = 4


class SearchIndex(ArticleStore, ChunkIndex, Protocol):
    """One revision of an index: its articles and its chunks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HybridRetriever:
    """Searches by words and by vectors. `candidates` is how many hits each arm brings, at least 50."""

    index: SearchIndex
    embedder: Embedder
    candidates: int
    dense_weight: float

    def retrieve(self, question: Question, *, k: int) -> tuple[Passage, ...]:
        """Return at most k passages, best first, near-duplicates collapsed, articles spread."""
        lexical = self._lexical(question)
        dense = self._dense(question)
        hits = _fused_hits(lexical, dense, self.dense_weight)[: POOL * k]
        chunks = self.index.chunks([hit.chunk_id for hit in hits])
        by_id = {hit.chunk_id: hit for hit in hits}
        rows = collapse(chunks)
        also = {chunk.chunk_id: ids for chunk, ids in rows}
        picked = spread([(chunk, by_id[chunk.chunk_id].score) for chunk, _ in rows], k=k)
        return tuple(
            self._passage(chunk, replace(by_id[chunk.chunk_id], score=score, rank=rank), also=also[chunk.chunk_id])
            for rank, (chunk, score) in enumerate(picked, 1)
        )

    def _lexical(self, question: Question) -> list[Hit]:
        """Search every way of naming what is asked for; a chunk keeps its best score among them."""
        best: dict[str, float] = {}
        for text in variants(fold(content_words(completed(question), lang=question.lang))):
            # A question without words says nothing here; it must not fill the fusion with arbitrary chunks.
            if tokens := index_tokens(text):
                for hit in self.index.search_lexical(tokens, k=self.candidates, filters=question.filters):
                    best[hit.chunk_id] = max(best.get(hit.chunk_id, 0.0), hit.score)
        return [
            Hit(chunk_id=chunk_id, score=score, rank=rank)
            for rank, (chunk_id, score) in enumerate(ranked(best)[: self.candidates], 1)
        ]

    def _dense(self, question: Question) -> list[Hit]:
        vector = self.embedder.embed([completed(question)], kind="query")[0]
        return self.index.search_dense(vector, k=self.candidates, filters=question.filters) if vector.any() else []

    def _passage(self, chunk: Chunk, hit: FusedHit, *, also: Sequence[str]) -> Passage:
        article = self.index.article(chunk.article_id)
        pages = dict.fromkeys(self.index.article(article_id).page_id for article_id in also)
        return Passage(
            rank=hit.rank,
            chunk_id=chunk.chunk_id,
            article_id=article.article_id,
            page_id=article.page_id,
            score=hit.score,
            title=article.title,
            header=chunk.header,
            text=chunk.text,
            start=chunk.start,
            lang=article.lang,
            source=article.source,
            published=article.published,
            url=article.url,
            flags=article.flags,
            also=tuple(page for page in pages if page != article.page_id),
            origins=hit.origins,
        )


def _fused_hits(lexical: Sequence[Hit], dense: Sequence[Hit], dense_weight: float) -> list[FusedHit]:
    arms = {"lexical": lexical, "dense": dense}
    places = {name: {hit.chunk_id: hit.rank for hit in hits} for name, hits in arms.items()}
    return [
        FusedHit(
            chunk_id=chunk_id,
            score=score,
            rank=rank,
            origins={name: place[chunk_id] for name, place in places.items() if chunk_id in place},
        )
        for rank, (chunk_id, score) in enumerate(ranked(fuse(lexical, dense, dense_weight=dense_weight)), 1)
    ]
