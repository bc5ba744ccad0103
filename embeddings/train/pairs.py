"""Batches of training pairs: (query, document) in token ids, each batch of one kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from embeddings.train.lexicon import Table, switch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embeddings.train.bags import Bags

    Ids = NDArray[np.int32]
    Batch = tuple[list[Ids], list[Ids]]

WINDOW = (60, 260)  # tokens of a passage cut from an article
SPAN = (8, 32)  # tokens of the sentence that a made-up query is drawn from
KEPT = (0.35, 1.0)  # share of a query's tokens that stay
HELD_SENTENCE = 0.75  # how often the passage still holds the sentence that the query came from
ASKED = 0.5  # how often a made-up query is given question words
LEAST_SWITCHED = 0.5


class Source(Protocol):
    """Draws one batch."""

    def draw(self, size: int, rng: np.random.Generator) -> Batch:
        """Return `size` queries and their documents."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """Queries made from a sentence of a passage, against the passage; `asking` are ids of question words."""

    articles: Bags
    asking: Ids

    def draw(self, size: int, rng: np.random.Generator) -> Batch:
        """Return the made-up queries and passages."""
        made = [self._pair(int(at), rng) for at in rng.integers(len(self.articles), size=size)]
        return [query for query, _ in made], [passage for _, passage in made]

    def _pair(self, at: int, rng: np.random.Generator) -> tuple[Ids, Ids]:
        passage = window(self.articles[at], rng)
        length = min(int(rng.integers(*SPAN)), max(len(passage) // 2, 1))
        start = int(rng.integers(max(len(passage) - length, 0) + 1))
        query = thinned(passage[start : start + length], rng)
        if rng.random() < ASKED:
            query = np.concatenate((query, rng.choice(self.asking, size=2)))
        if rng.random() >= HELD_SENTENCE:
            passage = np.concatenate((passage[:start], passage[start + length :]))
        return query, passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """Given pairs, document `gold[i]` for query `i`; long documents are cut to a window at random."""

    queries: Bags
    documents: Bags
    gold: NDArray[np.int64]
    thin: bool

    def draw(self, size: int, rng: np.random.Generator) -> Batch:
        """Return pairs whose documents are all different."""
        order = rng.permutation(len(self.queries))[: 4 * size]
        _, first = np.unique(self.gold[order], return_index=True)
        chosen = order[np.sort(first)][:size]
        queries = [thinned(self.queries[at], rng) if self.thin else self.queries[at] for at in chosen]
        return queries, [window(self.documents[at], rng) for at in self.gold[chosen]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Switched:
    """Another source with words of its queries (or of its documents) replaced by the other language's."""

    source: Source
    table: Table
    documents: bool = False

    def draw(self, size: int, rng: np.random.Generator) -> Batch:
        """Return the source's batch with half to all of the words replaced on one side."""
        queries, documents = self.source.draw(size, rng)
        if self.documents:
            return queries, [self._switched(ids, rng) for ids in documents]
        return [self._switched(ids, rng) for ids in queries], documents

    def _switched(self, ids: Ids, rng: np.random.Generator) -> Ids:
        return switch(ids, self.table, share=float(rng.uniform(LEAST_SWITCHED, 1.2)), rng=rng)


def window(ids: Ids, rng: np.random.Generator) -> Ids:
    """Return a run of the ids, of a random length within `WINDOW`; all of them where they are fewer."""
    length = int(rng.integers(*WINDOW))
    start = int(rng.integers(max(len(ids) - length, 0) + 1))
    return ids[start : start + length]


def thinned(ids: Ids, rng: np.random.Generator) -> Ids:
    """Return a random share of the ids, at least one of them."""
    kept = rng.random(len(ids)) < rng.uniform(*KEPT)
    return ids[kept] if kept.any() else ids[:1]
