"""From ids to texts: the best hits with their chunks and articles, and at the end the passages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.types import Candidate, Passage

if TYPE_CHECKING:
    from rag.protocols import ArticleStore
    from rag.retrieve.search import Search, SearchIndex

# Of how many times k hits the passages are chosen: duplicates and further chunks of an article fall out.
POOL = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """Fetches the best hits' chunks and articles."""

    index: SearchIndex

    def run(self, search: Search) -> Search:
        """Return the search with its candidates in the order of the hits."""
        hits = search.hits[: POOL * search.k]
        chunks = self.index.chunks([hit.chunk_id for hit in hits])
        names = list(dict.fromkeys(chunk.article_id for chunk in chunks))
        articles = {article.article_id: article for article in self.index.find_articles(names)}
        candidates = tuple(
            Candidate(chunk=chunk, article=articles[chunk.article_id], hit=hit)
            for hit, chunk in zip(hits, chunks, strict=True)
        )
        return replace(search, candidates=candidates)


def passages(search: Search, *, store: ArticleStore) -> tuple[Passage, ...]:
    """Return the candidates as passages, ranked as they stand."""
    return tuple(_passage(row, store=store, rank=rank) for rank, row in enumerate(search.candidates[: search.k], 1))


def _passage(row: Candidate, *, store: ArticleStore, rank: int) -> Passage:
    article = row.article
    pages = dict.fromkeys(store.article(article_id).page_id for article_id in row.also)
    return Passage(
        rank=rank,
        chunk_id=row.chunk.chunk_id,
        article_id=article.article_id,
        page_id=article.page_id,
        score=row.hit.score,
        title=article.title,
        header=row.chunk.header,
        text=row.chunk.text,
        start=row.chunk.start,
        lang=article.lang,
        source=article.source,
        published=article.published,
        url=article.url,
        flags=article.flags,
        also=tuple(page for page in pages if page != article.page_id),
        origins=row.hit.origins,
    )
