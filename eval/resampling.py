"""Means of resampled questions and the intervals they give; every draw is seeded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

RESAMPLES = 2_000
LEVEL = 0.95


def bootstrap_means(
    values: Sequence[float], *, clusters: Sequence[str], seed: int, resamples: int = RESAMPLES
) -> NDArray[np.float64]:
    """Return the means of resamples of whole clusters (Cameron, Gelbach and Miller 2008), shape (resamples,)."""
    names = {name: place for place, name in enumerate(dict.fromkeys(clusters))}
    sums, sizes = np.zeros(len(names)), np.zeros(len(names))
    places = np.array([names[name] for name in clusters])
    np.add.at(sums, places, np.asarray(values, dtype=np.float64))
    np.add.at(sizes, places, 1.0)
    drawn = np.random.default_rng(seed).integers(len(names), size=(resamples, len(names)))
    return np.asarray(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1), dtype=np.float64)


def interval(values: Sequence[float], *, clusters: Sequence[str], seed: int) -> tuple[float, float] | None:
    """Return the 95 % percentile interval of the mean over resampled clusters; `None` without values."""
    if not values:
        return None
    low, high = np.quantile(bootstrap_means(values, clusters=clusters, seed=seed), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
