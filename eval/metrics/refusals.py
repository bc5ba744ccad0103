"""Refusals and confidence over a whole run: whether it refuses what it should, and whether its confidence knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def refusal_recall(rows: Sequence[tuple[bool, bool]]) -> float | None:
    """Return |refused and unanswerable| / |unanswerable| over (answerable, refused) pairs; `None` if that is 0 / 0."""
    refused = [refused for answerable, refused in rows if not answerable]
    return sum(refused) / len(refused) if refused else None


def false_refusals(rows: Sequence[tuple[bool, bool]]) -> float | None:
    """Return |refused and answerable| / |answerable| over (answerable, refused) pairs; `None` if that is 0 / 0."""
    refused = [refused for answerable, refused in rows if answerable]
    return sum(refused) / len(refused) if refused else None


def auroc(positives: Sequence[float], *, negatives: Sequence[float]) -> float | None:
    """Return P(a positive scores above a negative) + P(they tie) / 2; `None` where one side is empty.

    The area under the ROC curve as the Mann-Whitney statistic (Hanley and McNeil 1982). O(n m).
    """
    if not positives or not negatives:
        return None
    wins = sum((p > n) + (p == n) / 2 for p in positives for n in negatives)
    return wins / (len(positives) * len(negatives))


def risk_coverage_area(rows: Sequence[tuple[float, bool]]) -> float | None:
    """Return the mean, over the coverages 1/n .. n/n, of the share of wrong answers among the most confident ones.

    `rows` are (confidence, right) pairs; lower is better (AURC, Geifman and El-Yaniv 2017). Answers of equal confidence
    enter together, each with their mean error, so that the order of the rows does not matter. `None` without rows.
    """
    if not rows:
        return None
    area = wrong = 0.0
    covered = 0
    for level in sorted({confidence for confidence, _ in rows}, reverse=True):
        errors = [not right for confidence, right in rows if confidence == level]
        for _ in errors:
            covered, wrong = covered + 1, wrong + sum(errors) / len(errors)
            area += wrong / covered
    return area / len(rows)
