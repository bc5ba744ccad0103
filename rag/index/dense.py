"""Dense search over the segments of a revision: FAISS, or a plain product where rows are few, finds the candidates, their scores are made exact here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rag.index.segments import Segment

# FAISS adds in single precision, in an order of its own: rows this close to the worst one kept may still belong above it.
SLACK = 1e-5
SPARE = 16
# Below this many rows one product of matrices takes under a millisecond, and importing FAISS some seventy.
SCANNED = 10_000


class DenseSearch:
    """The segments of one revision without their dead rows."""

    def __init__(self, segments: Sequence[Segment], *, dead: NDArray[np.int64]) -> None:
        self._segments = segments
        self._alive = [~np.isin(segment.keys, dead) for segment in segments]

    def best(self, vector: NDArray[np.float32], *, k: int, within: NDArray[np.int64] | None) -> list[tuple[int, float]]:
        """Return (key, cosine) of the best k rows and of all that tie with the last of them, in no order.

        `within` holds the keys that may be returned; `None` is all of them.
        """
        found = [
            pair
            for segment, alive in zip(self._segments, self._alive, strict=True)
            for pair in _best_of(segment, vector, _allowed(segment, alive, within), k)
        ]
        return with_ties(found, k=k)


def with_ties(found: Sequence[tuple[int, float]], *, k: int) -> list[tuple[int, float]]:
    """Return the pairs whose score is at least the k-th best one."""
    if len(found) <= k:
        return list(found)
    floor = sorted((score for _, score in found), reverse=True)[k - 1]
    return [pair for pair in found if pair[1] >= floor]


def _allowed(segment: Segment, alive: NDArray[np.bool_], within: NDArray[np.int64] | None) -> NDArray[np.bool_]:
    return alive if within is None else alive & np.isin(segment.keys, within)


def _best_of(
    segment: Segment, vector: NDArray[np.float32], allowed: NDArray[np.bool_], k: int
) -> list[tuple[int, float]]:
    limit = int(allowed.sum())
    if 0 < limit <= len(segment.keys) <= SCANNED:
        # Taking rows out copies them, which costs more than the product.
        scores = segment.floats @ vector
        scores[~allowed] = -np.inf
        return _exact(segment, vector, _candidates(scores, min(k, limit)), k)
    fetch = min(k + SPARE, limit)
    while fetch > 0:
        scores, rows = _search(segment, vector, allowed, fetch)
        complete = fetch == limit or scores[-1] < scores[min(k, len(scores)) - 1] - SLACK
        if complete:
            return _exact(segment, vector, rows, k)
        fetch = min(fetch * 4, limit)
    return []


def _candidates(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Return the places of the best k scores and of all that may tie with them."""
    if len(scores) <= k:
        return np.arange(len(scores))
    return np.flatnonzero(scores >= np.partition(scores, -k)[-k] - SLACK)


def _exact(segment: Segment, vector: NDArray[np.float32], rows: NDArray[np.int64], k: int) -> list[tuple[int, float]]:
    exact = _cosines(segment, vector, rows)
    return with_ties(list(zip(segment.keys[rows].tolist(), exact.tolist(), strict=True)), k=k)


def _search(
    segment: Segment, vector: NDArray[np.float32], allowed: NDArray[np.bool_], fetch: int
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    import faiss

    # With more threads a search after a fork hangs, and one query is not faster. The number holds for the calling
    # thread only, so each search sets it.
    faiss.omp_set_num_threads(1)
    # FAISS's annotations describe its C++ signatures, not the Python ones that it puts over them.
    search: Any = segment.flat.search
    parameters: Any = None
    if not allowed.all():
        selector: Any = faiss.IDSelectorBitmap
        make: Any = faiss.SearchParameters
        parameters = make(sel=selector(np.packbits(allowed, bitorder="little")))
    scores, rows = search(vector[np.newaxis], fetch, params=parameters)
    # FAISS fills up with -1 where it finds fewer rows than were asked for.
    found = rows[0] >= 0
    return scores[0][found], rows[0][found]


def _cosines(segment: Segment, vector: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    # Row by row, so that a score does not depend on the segment that the row lies in.
    sums: NDArray[np.float64] = (segment.codes[rows].astype(np.float64) * vector.astype(np.float64)).sum(axis=1)
    return np.clip(sums, -1.0, 1.0)
