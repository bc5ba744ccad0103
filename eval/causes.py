"""Why an answer is wrong: one cause for each question, the earliest step that went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from eval.metrics.answers import forbidden_found, points_found

if TYPE_CHECKING:
    from eval.records import Item

Cause = Literal["failed", "wrongly_answered", "not_retrieved", "wrongly_refused", "wrong_figure", "not_picked"]
CAUSES: tuple[Cause, ...] = (
    "failed",
    "not_retrieved",
    "not_picked",
    "wrong_figure",
    "wrongly_refused",
    "wrongly_answered",
)


def cause(item: Item) -> Cause | None:
    """Return why a question was not answered rightly; `None` for one that was, or that nothing can be said about."""
    if item.failed:
        return "failed"
    if item.metrics.get("answer_accuracy") in (None, 1.0):
        return None
    if not item.row.answerable:
        return "wrongly_answered"
    if not _holds_what_is_missing(item):
        return "not_retrieved"
    if item.metrics.get("refused") == 1.0:
        return "wrongly_refused"
    return "wrong_figure" if _wrong_figure(item) else "not_picked"


def _holds_what_is_missing(item: Item) -> bool:
    """Tell whether each key point that the answer lacks stands in some passage."""
    result, points = item.answer(), item.row.key_points
    found = points_found(result.said, points=points)
    missing = tuple(point for point, held in zip(points, found, strict=True) if not held)
    return all(points_found("\n".join(row.text for row in result.passages), points=missing))


def _wrong_figure(item: Item) -> bool:
    grounded = item.metrics.get("figure_grounding")
    return bool(forbidden_found(item.answer().said, forbidden=item.row.forbidden)) or (
        grounded is not None and grounded < 1.0
    )
