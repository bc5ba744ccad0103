"""Keeps one article, or one story told twice, from filling the top of a ranking."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from rag.retrieve.ranking import ranked
from rag.text.normalise import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rag.retrieve.search import Search
    from rag.types import Chunk

# What each further chunk of the same article keeps of its score: it stays in front only of clearly weaker articles. In an
# article of another language than the question's, which chunk answers is told less surely, so that more of it is read.
FURTHER_CHUNK, FURTHER_FOREIGN_CHUNK = 0.3, 0.75
SHINGLE_CHARS = 8
# Of the shorter text's shingles, how many the longer must hold for both to tell the same.
SAME_CONTAINMENT = 0.7
# Candidates further down, and behind twice as many as are asked for, become no passages.
COMPARED = 24
# Every so many shingles are sampled; a pair with fewer in the sample is compared whole.
SAMPLED, ENOUGH = 8, 12
# Chunks whose shingles are kept.
KEPT = 1024

_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Puts each chunk of an article after its first where a score that falls with each would put it."""

    def run(self, search: Search) -> Search:
        """Return the search with its candidates in the new order."""
        counts: dict[str, int] = {}
        scores: dict[str, float] = {}
        for row in search.candidates:
            article_id = row.article.article_id
            counts[article_id] = counts.get(article_id, 0) + 1
            is_foreign = row.article.lang != search.question.lang
            kept = FURTHER_FOREIGN_CHUNK if is_foreign else FURTHER_CHUNK
            scores[row.chunk.chunk_id] = row.hit.score * kept ** (counts[article_id] - 1)
        by_id = {row.chunk.chunk_id: row for row in search.candidates}
        return replace(search, candidates=tuple(by_id[chunk_id] for chunk_id, _ in ranked(scores)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Collapse:
    """Leaves out what another article tells in the same words; the higher-ranked stays and names the others.

    Two chunks tell the same when the shorter's character shingles (width, case and punctuation folded) are contained in
    the longer's.
    """

    def run(self, search: Search) -> Search:
        """Return the search without near-duplicates."""
        compared = max(COMPARED, 2 * search.k)
        kept: list[tuple[Chunk, _Shingles]] = []
        also: dict[str, list[str]] = {}
        for row in search.candidates[:compared]:
            chunk, shingles = row.chunk, _shingles_of(row.chunk.text)
            others = (pair for pair in kept if pair[0].article_id != chunk.article_id)
            twin = next((other for other, known in others if _same(known, shingles)), None)
            if twin is None:
                kept.append((chunk, shingles))
                also[chunk.chunk_id] = []
            elif chunk.article_id not in also[twin.chunk_id]:
                also[twin.chunk_id].append(chunk.article_id)
        rows = [
            replace(row, also=tuple(also[row.chunk.chunk_id]))
            for row in search.candidates[:compared]
            if row.chunk.chunk_id in also
        ]
        return replace(search, candidates=(*rows, *search.candidates[compared:]))


class _Shingles:
    """The shingles of a text: a sample, by which most pairs are told apart, and all where they must be counted."""

    def __init__(self, text: str) -> None:
        self._letters = _NO_LETTER.sub("", fold(text))
        starts = enumerate(self._letters[: 1 - SHINGLE_CHARS])
        self.sample = self._at(at for at, letter in starts if ord(letter) % SAMPLED == 0)

    @cached_property
    def whole(self) -> frozenset[str]:
        return self._at(range(len(self._letters) - SHINGLE_CHARS + 1))

    def _at(self, places: Iterable[int]) -> frozenset[str]:
        return frozenset(self._letters[at : at + SHINGLE_CHARS] for at in places)


@lru_cache(maxsize=KEPT)
def _shingles_of(text: str) -> _Shingles:
    return _Shingles(text)


def _same(one: _Shingles, other: _Shingles) -> bool:
    fewest = min(len(one.sample), len(other.sample))
    if fewest >= ENOUGH and len(one.sample & other.sample) < SAME_CONTAINMENT / 2 * fewest:
        return False
    smaller = min(len(one.whole), len(other.whole))
    return smaller > 0 and len(one.whole & other.whole) >= SAME_CONTAINMENT * smaller
