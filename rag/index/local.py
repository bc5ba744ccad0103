"""Both arms of the search over the parts in the index folder: segments and a lexical generation, opened at first use."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from rag.index.dense import DenseSearch
from rag.index.lexical import LexicalSearch, idf
from rag.index.segments import open_segment
from rag.types import Filters

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from rag.index.layout import Layout
    from rag.index.manifest import Manifest
    from rag.index.reading import StoreReader
    from rag.search_types import Group

    Found = list[tuple[int, float]]

FILTERS_KEPT = 16


class LocalArms:
    """The arms of one revision; safe to share between threads."""

    def __init__(self, layout: Layout, manifest: Manifest, store: StoreReader) -> None:
        self._layout = layout
        self._manifest = manifest
        self._store = store
        self._lock = Lock()
        self._lexical: LexicalSearch | None = None
        self._dense: DenseSearch | None = None
        self._filtered: dict[Filters, NDArray[np.int64]] = {}

    def lexical(self, tokens: Sequence[str], *, k: int, filters: Filters) -> Found:
        """Return (key, share) of the best k chunks and of all that tie with the last of them, in no order."""
        lexical = self._open_lexical()
        return [] if lexical is None else lexical.best(tokens, k=k, filters=filters)

    def groups(self, groups: Sequence[Group], *, k: int, filters: Filters) -> Found:
        """Return (key, share) of the best k chunks and of all that tie with the last of them, in no order."""
        lexical = self._open_lexical()
        return [] if lexical is None else lexical.best_choices(groups, k=k, filters=filters)

    def dense(self, vector: NDArray[np.float32], *, k: int, filters: Filters) -> Found:
        """Return (key, cosine) of the best k chunks and of all that tie with the last of them, in no order."""
        return self._open_dense().best(vector, k=k, within=self._within(filters))

    def idf(self, token: str) -> float:
        """Return BM25's idf of a token; one that never occurs has the highest."""
        lexical = self._open_lexical()
        return idf(0, documents=0) if lexical is None else lexical.idf(token)

    def close(self) -> None:
        """Remove what was written to read a folder that cannot be written to."""
        if self._lexical is not None:
            self._lexical.close()

    def _within(self, filters: Filters) -> NDArray[np.int64] | None:
        """Return the keys that pass the filters, sorted; `None` is all. The last few answers are kept."""
        if filters == Filters():
            return None
        with self._lock:
            kept = self._filtered.get(filters)
        keys = self._store.keys_within(filters) if kept is None else kept
        with self._lock:
            self._filtered[filters] = keys
            if len(self._filtered) > FILTERS_KEPT:
                self._filtered.pop(next(iter(self._filtered)))
        return keys

    def _open_lexical(self) -> LexicalSearch | None:
        record = self._manifest.generation
        with self._lock:
            if self._lexical is None and record is not None:
                self._lexical = LexicalSearch(self._layout, record)
            return self._lexical

    def _open_dense(self) -> DenseSearch:
        with self._lock:
            if self._dense is None:
                width = self._manifest.dimension
                segments = [open_segment(self._layout, row, dimension=width) for row in self._manifest.segments]
                self._dense = DenseSearch(segments, dead=self._store.dead_keys())
            return self._dense
