"""From token ids to one vector; the arithmetic is the same for every batch size and on every machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embeddings.builtin.nibbles import LOW, ZERO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def weigh(ids: Sequence[int]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Return the distinct ids in ascending order and the weight of each, `1 + ln(occurrences)`."""
    distinct, counts = np.unique(np.asarray(ids, dtype=np.intp), return_counts=True)
    return distinct, (1.0 + np.log(counts)).astype(np.float32)


def pool(ids: Sequence[int], rows: NDArray[np.uint8], scales: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the weighted sum of the ids' vectors, at unit norm; zeros where nothing counts. `rows` are packed.

    Summed without BLAS, whose order of additions differs between machines and thread counts. The two halves of the
    packed bytes are summed as they are stored, and what their zero stands for is taken off at the end.
    """
    distinct, weights = weigh(ids)
    weights *= scales[distinct]
    packed = rows.take(distinct, axis=0)
    halves = (packed & LOW, packed >> 4)
    sums = [np.einsum("i,ij->j", weights, half.astype(np.float32)) for half in halves]
    vector: NDArray[np.float32] = np.concatenate(sums) - np.float32(ZERO) * weights.sum()
    norm = np.sqrt(np.square(vector).sum(dtype=np.float32))
    return vector / norm if norm > 0.0 else vector
