"""Keeps one article, or one story told twice, from filling the top of a ranking."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.retrieve.ranking import ranked
from rag.text.normalise import fold

if TYPE_CHECKING:
    from rag.retrieve.search import Search
    from rag.types import Candidate, Chunk

FREE_CHUNKS_OF_ONE_ARTICLE = 2
# What each further chunk of the same article keeps of its score: it stays in front only of clearly weaker articles.
FURTHER_CHUNK = 0.75
SHINGLE_CHARS = 8
# Of the shorter text's shingles, how many the longer must hold for both to tell the same.
SAME_CONTAINMENT = 0.7

_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Ranks anew by a score that falls with each chunk of an article after the second."""

    def run(self, search: Search) -> Search:
        """Return the search with its candidates in the new order."""
        counts: dict[str, int] = {}
        scores: dict[str, float] = {}
        for row in search.candidates:
            article_id = row.article.article_id
            counts[article_id] = counts.get(article_id, 0) + 1
            further = max(0, counts[article_id] - FREE_CHUNKS_OF_ONE_ARTICLE)
            scores[row.chunk.chunk_id] = row.hit.score * FURTHER_CHUNK**further
        by_id = {row.chunk.chunk_id: row for row in search.candidates}
        rows = [_scored(by_id[chunk_id], score) for chunk_id, score in ranked(scores)]
        return replace(search, candidates=tuple(rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class Collapse:
    """Leaves out what another article tells in the same words; the higher-ranked stays and names the others.

    Two chunks tell the same when the shorter's character shingles (width, case and punctuation folded) are contained in
    the longer's.
    """

    def run(self, search: Search) -> Search:
        """Return the search without near-duplicates."""
        kept: list[tuple[Chunk, frozenset[str]]] = []
        also: dict[str, list[str]] = {}
        for row in search.candidates:
            chunk, shingles = row.chunk, _shingles(row.chunk.text)
            twin = next((other for other, known in kept if _same(other, known, chunk, shingles)), None)
            if twin is None:
                kept.append((chunk, shingles))
                also[chunk.chunk_id] = []
            elif chunk.article_id not in also[twin.chunk_id]:
                also[twin.chunk_id].append(chunk.article_id)
        rows = [row for row in search.candidates if row.chunk.chunk_id in also]
        return replace(search, candidates=tuple(replace(row, also=tuple(also[row.chunk.chunk_id])) for row in rows))


def _scored(row: Candidate, score: float) -> Candidate:
    return replace(row, hit=replace(row.hit, score=score))


def _same(kept: Chunk, kept_shingles: frozenset[str], chunk: Chunk, shingles: frozenset[str]) -> bool:
    smaller = min(len(kept_shingles), len(shingles))
    if kept.article_id == chunk.article_id or smaller == 0:
        return False
    return len(kept_shingles & shingles) >= SAME_CONTAINMENT * smaller


def _shingles(text: str) -> frozenset[str]:
    letters = _NO_LETTER.sub("", fold(text))
    return frozenset(letters[at : at + SHINGLE_CHARS] for at in range(len(letters) - SHINGLE_CHARS + 1))
