"""The one place that sorts results, and the fusion of the two arms of the search."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.types import Hit


def ranked(scores: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return (chunk id, score) pairs by falling score; equal scores by chunk id, so that no order is left to chance."""
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def fuse(lexical: Sequence[Hit], dense: Sequence[Hit], *, dense_weight: float) -> dict[str, float]:
    """Return lexical share + weight * cosine for every chunk that either arm found.

    The lexical share (0 to 1) is on an absolute scale, so an arm that finds nothing useful adds little instead of
    filling half of the ranks, as reciprocal-rank fusion lets it. A chunk that one arm missed gets nothing from it.
    """
    scores = {hit.chunk_id: hit.score for hit in lexical}
    for hit in dense:
        scores[hit.chunk_id] = scores.get(hit.chunk_id, 0.0) + dense_weight * max(hit.score, 0.0)
    return scores
