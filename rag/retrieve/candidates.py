"""From ids to texts: the best hits with their chunks and articles, and at the end the passages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from rag.search_types import Candidate
from rag.types import Passage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.retrieve.search import Search, SearchIndex
    from rag.types import Article, Chunk

T = TypeVar("T")

# Of how many times k hits the passages are chosen: duplicates and further chunks of an article fall out.
POOL = 4
# And at least so many are read.
FEWEST = 50


# Chunks and articles that stay in memory.
KEPT = 8192


class Texts:
    """The chunks and articles of one revision, the last ones kept. Safe to share between threads."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self._chunks: dict[str, Chunk] = {}
        self._articles: dict[str, Article] = {}

    def chunks(self, ids: Sequence[str]) -> list[Chunk]:
        """Return the chunks in the order asked for."""
        known = {chunk_id: self._chunks[chunk_id] for chunk_id in ids if chunk_id in self._chunks}
        unknown = [chunk_id for chunk_id in ids if chunk_id not in known]
        known |= {chunk.chunk_id: chunk for chunk in self._index.chunks(unknown)} if unknown else {}
        _keep(self._chunks, known)
        return [known[chunk_id] for chunk_id in ids]

    def articles(self, ids: Sequence[str]) -> dict[str, Article]:
        """Map the ids to their articles."""
        known = {article_id: self._articles[article_id] for article_id in ids if article_id in self._articles}
        unknown = [article_id for article_id in ids if article_id not in known]
        found = self._index.find_articles(unknown) if unknown else []
        known |= {article.article_id: article for article in found}
        _keep(self._articles, known)
        return known


def _keep(kept: dict[str, T], found: Mapping[str, T]) -> None:
    if len(kept) > KEPT:
        kept.clear()
    kept.update(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """Fetches the best hits' chunks and articles."""

    texts: Texts

    def run(self, search: Search) -> Search:
        """Return the search with its candidates in the order of the hits."""
        hits = search.hits[: max(FEWEST, POOL * search.k)]
        chunks = self.texts.chunks([hit.chunk_id for hit in hits])
        articles = self.texts.articles(list(dict.fromkeys(chunk.article_id for chunk in chunks)))
        candidates = tuple(
            Candidate(chunk=chunk, article=articles[chunk.article_id], hit=hit)
            for hit, chunk in zip(hits, chunks, strict=True)
        )
        return replace(search, candidates=candidates)


def passages(search: Search, *, texts: Texts) -> tuple[Passage, ...]:
    """Return the candidates as passages, ranked as they stand; none scores higher than the one before it."""
    found: list[Passage] = []
    for rank, row in enumerate(search.candidates[: search.k], 1):
        most = found[-1].score if found else row.hit.score
        found.append(_passage(row, texts=texts, rank=rank, score=min(most, row.hit.score)))
    return tuple(found)


def _passage(row: Candidate, *, texts: Texts, rank: int, score: float) -> Passage:
    article = row.article
    others = texts.articles(row.also)
    pages = dict.fromkeys(others[article_id].page_id for article_id in row.also)
    return Passage(
        rank=rank,
        chunk_id=row.chunk.chunk_id,
        article_id=article.article_id,
        page_id=article.page_id,
        score=score,
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
