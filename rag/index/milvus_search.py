"""Both arms of the search over a generation in Milvus; candidates come from there, ties and groups are settled here."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rag.addresses import shown
from rag.index.disk import damaged
from rag.index.lexical import SAME, SPARE, best_with_ties, idf
from rag.index.milvus import MOST, SPARSE, Milvus, MissingCollectionError
from rag.index.milvus_rows import condition
from rag.index.terms import open_terms
from rag.index.weights import term_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from rag.index.layout import Layout
    from rag.index.manifest import EngineRecord
    from rag.search_types import Choice, Group
    from rag.types import Filters

    Found = list[tuple[int, float]]


class MilvusArms:
    """The arms of one revision; safe to share between threads. Nothing is connected before the first search."""

    def __init__(
        self, layout: Layout, record: EngineRecord, *, revision: int, dead: Callable[[], NDArray[np.int64]]
    ) -> None:
        self._layout = layout
        self._record = record
        self._revision = revision
        self._terms = [open_terms(layout, row) for row in record.terms]
        self._dead = frozenset(dead().tolist())
        self._milvus = Milvus(record.uri)
        # A revision may be opened the moment that it was published: its rows are waited for once.
        self._is_there = False

    def close(self) -> None:
        """Let the connection go."""
        self._milvus.close()

    def reach(self) -> str:
        """Return the address and what it holds of the revision. Raises `BackendError`, `IndexDamagedError`."""
        with self._present():
            held = self._milvus.count(self._record.collection, where=f"added <= {self._revision}")
        return f"Milvus at {shown(self._record.uri)}, {held} chunks in `{self._record.collection}`"

    def idf(self, token: str) -> float:
        """Return BM25's idf over the chunks of the revision."""
        return idf(self._frequency(token), documents=self._record.documents)

    def lexical(self, tokens: Sequence[str], *, k: int, filters: Filters) -> Found:
        """Return (key, share) of the best k chunks and of all that tie with the last of them, in no order."""
        distinct = list(dict.fromkeys(tokens))
        mass = sum(map(self.idf, distinct))
        query = self._query({token: self.idf(token) / mass for token in distinct if self._frequency(token)})
        return self._best(query, k=k, filters=filters) if query else []

    def groups(self, groups: Sequence[Group], *, k: int, filters: Filters) -> Found:
        """Return (key, share) of the best k chunks and of all that tie with the last of them, in no order.

        An inner product cannot take the best of several choices. It can take their sum, which is never less: so chunks are
        fetched by that bound, scored with the weights of their words, and more of them until none that is left can be better.
        """
        known = [kept for kept in map(self._known, groups) if kept]
        mass = sum(max(map(self._mass, choices)) for choices in known)
        if not mass:
            return []
        weighed = [[self._weighed(choice, mass) for choice in choices] for choices in known]
        query: defaultdict[int, float] = defaultdict(float)
        for ways in weighed:
            for term in {term for way in ways for term in way}:
                query[term] += max(way.get(term, 0.0) for way in ways)
        fetch = min(k + SPARE, MOST)
        while True:
            rows = self._search(dict(query), limit=fetch, filters=filters, fields=[SPARSE])
            best = best_with_ties([(key, _share(weighed, words)) for key, _, words in rows], k)
            is_complete = len(best) >= k and min(score for _, score in best) - rows[-1][1] > SAME
            if is_complete or len(rows) < fetch or fetch == MOST:
                return best
            fetch = min(4 * fetch, MOST)

    def dense(self, vector: NDArray[np.float32], *, k: int, filters: Filters) -> Found:
        """Return (key, cosine) of the best k chunks and of all that tie with the last of them, in no order."""
        return self._best(vector, k=k, filters=filters)

    def _best(self, query: NDArray[np.float32] | Mapping[int, float], *, k: int, filters: Filters) -> Found:
        fetch = min(k + SPARE, MOST)
        while True:
            rows = self._search(query, limit=fetch, filters=filters)
            scores = [score for _, score, _ in rows]
            is_complete = len(rows) < fetch or scores[min(k, fetch) - 1] - scores[-1] > SAME
            if is_complete or fetch == MOST:
                return best_with_ties([(key, score) for key, score, _ in rows], k)
            fetch = min(4 * fetch, MOST)

    def _search(
        self,
        query: NDArray[np.float32] | Mapping[int, float],
        *,
        limit: int,
        filters: Filters,
        fields: Sequence[str] = (),
    ) -> list[tuple[int, float, Mapping[int, float]]]:
        """Return key, score and words of `limit` chunks that the revision shows, fewer only where there are no more."""
        where = condition(filters, revision=self._revision)
        # Chunks that this revision removed stay in the collection while an older one is read.
        more = min(limit + len(self._dead), MOST)
        with self._present():
            found = self._milvus.search(
                self._record.collection, query, where=where, limit=more, fields=fields, newest=not self._is_there
            )
        self._is_there = True
        alive = [(key, score, row.get(SPARSE, {})) for key, score, row in found if key not in self._dead]
        return alive[:limit]

    @contextmanager
    def _present(self) -> Iterator[None]:
        try:
            yield
        except MissingCollectionError as error:
            raise damaged(self._layout.folder, f"Milvus has no collection `{self._record.collection}`") from error

    def _frequency(self, token: str) -> int:
        term = term_id(token)
        return max(0, sum(terms.count(term) for terms in self._terms))

    def _query(self, weights: Mapping[str, float]) -> dict[int, float]:
        return {term_id(token): weight for token, weight in weights.items() if weight > 0}

    def _known(self, group: Group) -> tuple[Choice, ...]:
        """Return the choices of a group whose every word occurs."""
        return tuple(one for one in group.choices if one.tokens and all(map(self._frequency, one.tokens)))

    def _mass(self, choice: Choice) -> float:
        return choice.weight * sum(map(self.idf, choice.tokens))

    def _weighed(self, choice: Choice, mass: float) -> Mapping[int, float]:
        """Return what each word of a choice adds to the share of a chunk in which its weight is 1."""
        found: defaultdict[int, float] = defaultdict(float)
        for token in choice.tokens:
            found[term_id(token)] += choice.weight * self.idf(token) / mass
        return found


def _share(groups: Sequence[Sequence[Mapping[int, float]]], words: Mapping[int, float]) -> float:
    """Return the share of a chunk with these words: of each group, what its best choice gives."""
    return sum(max(sum(most * words.get(term, 0.0) for term, most in way.items()) for way in ways) for ways in groups)
