"""Is a difference between two runs real? Tests on paired differences, and the smallest difference a set can show."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, sqrt
from statistics import NormalDist, stdev
from typing import TYPE_CHECKING

import numpy as np

from eval.resampling import bootstrap_means

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ALPHA = 0.05
POWER = 0.80
RESAMPLES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """How many questions got better and worse; equal ones do not count."""

    wins: int
    losses: int


def signs(differences: Sequence[float]) -> Signs:
    """Count the positive and the negative differences, new minus old."""
    return Signs(wins=sum(value > 0 for value in differences), losses=sum(value < 0 for value in differences))


def sign_test(found: Signs) -> float:
    """Return P(at least so many losses | wins and losses equally likely): the exact one-sided sign test; 1 without any.

    With 0 wins it takes 5 losses for p < 0.05, with 1 win 7, with 2 wins 9 (Conover 1999, section 3.4).
    """
    total = found.wins + found.losses
    tail = sum(comb(total, losses) for losses in range(found.losses, total + 1))
    return float(tail / 2**total)


def losses_to_fail(wins: int) -> int:
    """Return the smallest number of losses against so many wins that the sign test rejects."""
    losses = wins
    while sign_test(Signs(wins=wins, losses=losses)) >= ALPHA:
        losses += 1
    return losses


def bootstrap_test(differences: Sequence[float], *, clusters: Sequence[str], seed: int) -> float:
    """Return the one-sided p of a drop: (1 + resamples whose mean difference is >= 0) / (1 + resamples).

    Paired cluster bootstrap, percentile form; 1 where no difference is negative.
    """
    if not any(value < 0 for value in differences):
        return 1.0
    means = bootstrap_means(differences, clusters=clusters, seed=seed, resamples=RESAMPLES)
    return float((1 + np.count_nonzero(means >= 0)) / (1 + RESAMPLES))


def holm(values: Mapping[str, float]) -> dict[str, float]:
    """Return the p values adjusted for their number (Holm 1979); reject those below the level."""
    adjusted: dict[str, float] = {}
    highest = 0.0
    for place, (name, value) in enumerate(sorted(values.items(), key=lambda row: (row[1], row[0]))):
        highest = max(highest, min(1.0, (len(values) - place) * value))
        adjusted[name] = highest
    return {name: adjusted[name] for name in values}


def detectable(differences: Sequence[float], *, clusters: Sequence[str]) -> float | None:
    """Return the smallest true drop of the mean that a one-sided 5 % test would find four times in five.

    (z(0.95) + z(0.80)) times the cluster-robust standard error of the mean difference; `None` below two clusters or
    where the runs do not differ at all, since nothing then says how much they vary.
    """
    sums: dict[str, float] = {}
    mean = sum(differences) / len(differences) if differences else 0.0
    for value, cluster in zip(differences, clusters, strict=True):
        sums[cluster] = sums.get(cluster, 0.0) + value - mean
    if len(sums) < 2 or not any(differences):
        return None
    error = stdev(sums.values()) * sqrt(len(sums)) / len(differences)
    return (NormalDist().inv_cdf(1 - ALPHA) + NormalDist().inv_cdf(POWER)) * error
