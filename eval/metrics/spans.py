"""Retrieval measured on characters: how much of the gold spans the passages hold, and how early."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.gold import GoldSpan
    from eval.result import Passage

RELEVANT_OVERLAP = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A passage and where it starts in its article; `None` where its text does not stand there letter by letter."""

    passage: Passage
    start: int | None


def span_recall(placed: Sequence[Placed], *, gold: Sequence[GoldSpan], k: int) -> float | None:
    """Return (gold characters in the union of the first k passages) / (gold characters); `None` without gold spans.

    Of the alternative pages of a group the one with the largest covered share counts. Does not depend on chunk size
    (the token-level recall of Smith and Troynikov 2024, with characters).
    """
    pages: dict[int, dict[str, list[GoldSpan]]] = defaultdict(lambda: defaultdict(list))
    for span in gold:
        pages[span.group][span.page].append(span)
    covered = total = 0
    for alternatives in pages.values():
        counts = [_covered(spans, placed[:k]) for spans in alternatives.values()]
        best = max(counts, key=lambda row: (row[0] / row[1], row[1]))
        covered, total = covered + best[0], total + best[1]
    return covered / total if total else None


def context_precision(placed: Sequence[Placed], *, gold: Sequence[GoldSpan], k: int) -> float | None:
    """Return sum_i P@i * rel_i / sum_i rel_i over the first k passages, 0 if none is relevant.

    `None` without gold spans. A passage is relevant if it overlaps a gold span by at least half of the shorter of the
    two. Average precision over the retrieved list, as ragas' context precision, with spans in place of a judge.
    """
    if not gold:
        return None
    relevant = [any(_overlaps(row, span) for span in gold) for row in placed[:k]]
    precisions = [sum(relevant[: i + 1]) / (i + 1) for i, hit in enumerate(relevant) if hit]
    return sum(precisions) / len(precisions) if precisions else 0.0


def _covered(spans: Sequence[GoldSpan], placed: Sequence[Placed]) -> tuple[int, int]:
    """Count the covered and all characters of some spans; overlapping spans count their characters once."""
    wanted = {(span.article_id, place) for span in spans for place in range(span.start, span.end)}
    held = {cell for span in spans for row in placed for cell in _cells(row, span)}
    return len(held & wanted), len(wanted)


def _cells(row: Placed, span: GoldSpan) -> set[tuple[str, int]]:
    """Return the characters of a gold span that a passage holds; one of another article holds all of it or none."""
    if row.passage.article_id == span.article_id and row.start is not None:
        places = range(max(span.start, row.start), min(span.end, row.start + len(row.passage.text)))
    else:
        places = range(span.start, span.end) if normalise(span.text) in normalise(row.passage.text) else range(0)
    return {(span.article_id, place) for place in places}


def _overlaps(row: Placed, span: GoldSpan) -> bool:
    shorter = min(span.end - span.start, len(row.passage.text))
    return shorter > 0 and len(_cells(row, span)) >= RELEVANT_OVERLAP * shorter
