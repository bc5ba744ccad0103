"""How a run's numbers hold up: between languages, under noise, on a second run, and in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def ratio(part: float | None, *, of: float | None) -> float | None:
    """Return part / of; `None` where either is missing or `of` is 0.

    The cross-lingual gap is recall@10 of English questions over Chinese articles, of that of Chinese ones; the noise
    slope is the accuracy with 80 % distracting articles, of that without (RGB, Chen et al. 2024).
    """
    return None if part is None or not of else part / of


def determinism(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Return the share of questions whose two answers are equal byte by byte; `None` without pairs."""
    return sum(first == second for first, second in pairs) / len(pairs) if pairs else None


def percentile(values: Sequence[float], *, share: float) -> float | None:
    """Return the smallest value that `share` of the values do not exceed (nearest rank); `None` without values."""
    if not values:
        return None
    ordered = sorted(values)
    place = -(-len(ordered) * share // 1)
    return ordered[max(0, min(len(ordered), int(place)) - 1)]
