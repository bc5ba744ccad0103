"""Where training starts: a random direction for each piece plus its place in a latent semantic analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

OVERSAMPLE = 16
PASSES = 2
RANDOM_SHARE = 0.8
LATENT_SHARE = 0.5
FEW = 0.5  # documents that a piece without any is taken to have


def inverse_frequencies(
    counts: sparse.csr_matrix, *, latin: NDArray[np.bool_], documents: tuple[int, int]
) -> NDArray[np.float32]:
    """Return ln(documents / document frequency) of each piece; `documents` are those in Chinese and in English.

    Each piece is measured in the documents of its own language, so that English is not rare for being the smaller half.
    """
    frequency = np.maximum(np.asarray((counts > 0).sum(axis=0)).ravel(), FEW)
    total = np.where(latin, documents[1], documents[0])
    inverse: NDArray[np.float32] = np.log(1.0 + total / frequency).astype(np.float32)
    return inverse


def initial_vectors(
    documents: sparse.csr_matrix, idf: NDArray[np.float32], *, dimension: int, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Return `idf * (0.8 random + 0.5 latent)`, both parts of unit norm, of shape (pieces, dimension)."""
    weighted = documents.multiply(idf).tocsr().astype(np.float32)
    norms = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    weighted = weighted.multiply(1.0 / np.maximum(norms, 1e-9)[:, None]).tocsr()
    latent = _unit(_right_factors(weighted, rank=dimension, rng=rng))
    random = _unit(rng.standard_normal(latent.shape, dtype=np.float32))
    vectors: NDArray[np.float32] = idf[:, None] * (RANDOM_SHARE * random + LATENT_SHARE * latent)
    return vectors


def _right_factors(matrix: sparse.csr_matrix, *, rank: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return the columns' factors by randomised subspace iteration (Halko, Martinsson and Tropp, 2011)."""
    basis = rng.standard_normal((matrix.shape[1], rank + OVERSAMPLE), dtype=np.float32)
    for _ in range(PASSES):
        basis = np.linalg.qr(matrix.T @ (matrix @ basis))[0].astype(np.float32)
    projected = matrix @ basis
    values, rotation = np.linalg.eigh(projected.T @ projected)
    order = np.argsort(-values)[:rank]
    factors: NDArray[np.float32] = (basis @ rotation[:, order]) * np.sqrt(np.sqrt(np.maximum(values[order], 0.0)))
    return factors.astype(np.float32)


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return scaled
