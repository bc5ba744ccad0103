"""BM25 as sparse vectors: what a chunk's words weigh, so that an inner product with the words' idf is its share."""

from __future__ import annotations

from collections import Counter
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from rag.index.lexical import K1

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

B = 0.75
# Dimensions of a sparse vector in Milvus are 0 to 2**32 - 2; the last one is for chunks without any word, since some
# engines take no empty vectors.
WORDLESS = (1 << 32) - 2
_FREE, _LEVELS = 24, 256


def term_id(token: str) -> int:
    """Return a token's dimension, the same everywhere. Of a million tokens one in four thousand shares its own."""
    return int.from_bytes(blake2b(token.encode(), digest_size=8).digest(), "big") % WORDLESS


def length_level(length: int) -> int:
    """Return the length that BM25 counts with: rounded down to one of 256 levels, as Lucene and Tantivy do."""
    levels = _levels()
    return int(levels[np.searchsorted(levels, length, side="right") - 1])


def document_weights(tokens: Sequence[str], *, average: float) -> dict[int, float]:
    """Return tf / (tf + k1 * (1 - b + b * length / average)) of each distinct token, from 0 to 1, by ascending dimension.

    `average` is frozen for a generation of the index, so that adding a chunk changes no other one. Values are single
    precision.
    """
    norm = K1 * (1 - B + B * length_level(len(tokens)) / average)
    counts = Counter(map(term_id, tokens)) or Counter([WORDLESS])
    return {term: float(np.float32(count / (count + norm))) for term, count in sorted(counts.items())}


class TermCounts:
    """How many documents hold each term, gathered document by document; memory grows with the terms, not the texts."""

    # Terms that are kept one by one before they are counted together.
    GATHERED = 1 << 20

    def __init__(self) -> None:
        self._fresh: list[int] = []
        self._terms: NDArray[np.uint32] = np.empty(0, np.uint32)
        self._counts: NDArray[np.int32] = np.empty(0, np.int32)

    def add(self, terms: Iterable[int], *, times: int = 1) -> None:
        """Count the distinct terms of one document, or take them back where `times` is -1."""
        if times < 0:
            self._merge(np.fromiter(terms, np.uint32), times)
            return
        self._fresh.extend(terms)
        if len(self._fresh) > self.GATHERED:
            self._settle()

    def counted(self) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
        """Return the terms in ascending order and their counts, none of them 0."""
        self._settle()
        return self._terms, self._counts

    def _settle(self) -> None:
        fresh, self._fresh = self._fresh, []
        self._merge(np.array(fresh, np.uint32), 1)

    def _merge(self, terms: NDArray[np.uint32], times: int) -> None:
        counts = np.concatenate([self._counts, np.full(len(terms), times, np.int32)])
        self._terms, self._counts = summed(np.concatenate([self._terms, terms]), counts)


def summed(terms: NDArray[np.uint32], counts: NDArray[np.int32]) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """Return the distinct terms in ascending order with the sums of their counts, those of 0 left out."""
    distinct, places = np.unique(terms, return_inverse=True)
    sums = np.zeros(len(distinct), np.int64)
    np.add.at(sums, places, counts)
    kept = sums != 0
    return distinct[kept], sums[kept].astype(np.int32)


@cache
def _levels() -> NDArray[np.int64]:
    """Return the lengths that one byte tells apart: exact up to 39, then four significant bits (Lucene's SmallFloat)."""
    places = np.arange(_LEVELS - _FREE)
    shift = np.maximum((places >> 3) - 1, 0)
    scaled = np.where(places < 8, places, ((places & 7) | 8) << shift)
    return np.concatenate([np.arange(_FREE), _FREE + scaled])
