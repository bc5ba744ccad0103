"""What an answer says, measured against the reference: key points, accuracy, overlap, density."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from eval.normalise import LABEL, contains, normalise, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

Points = tuple[tuple[str, ...], ...]
PER_CHARACTERS = 100


def points_found(text: str, *, points: Points) -> tuple[bool, ...]:
    """Tell for each key point whether one of its forms stands in the text, both normalised."""
    said = normalise(LABEL.sub(" ", text))
    return tuple(any(contains(said, form=form) for form in point) for point in points)


def forbidden_found(text: str, *, forbidden: Sequence[str]) -> tuple[str, ...]:
    """Return the forbidden strings that stand in the text, both normalised."""
    said = normalise(LABEL.sub(" ", text))
    return tuple(row for row in forbidden if contains(said, form=row))


def key_point_recall(text: str, *, points: Points) -> float | None:
    """Return |key points found| / |key points|; `None` without key points (nugget recall, Voorhees 2003, by string)."""
    return sum(points_found(text, points=points)) / len(points) if points else None


def answer_accuracy(text: str, *, points: Points, forbidden: Sequence[str]) -> float | None:
    """Return 1 if every key point is found and no forbidden string is, else 0; `None` without key points.

    The accuracy of RGB (Chen et al. 2024).
    """
    if not points:
        return None
    return float(all(points_found(text, points=points)) and not forbidden_found(text, forbidden=forbidden))


def char_f1(text: str, *, references: Sequence[str]) -> float | None:
    """Return the greatest F1 of shared tokens over the references; `None` without a reference.

    SQuAD's F1 (Rajpurkar et al. 2016) where a token is one Chinese character, one Latin word or one number.
    """
    scores = [_f1(tokens(LABEL.sub(" ", text)), tokens(reference)) for reference in references if reference]
    return max(scores, default=None)


def key_point_density(text: str, *, points: Points) -> float | None:
    """Return key points found per 100 characters of answer; `None` without key points or text. Dumping lowers it."""
    length = len(_bare(text))
    return PER_CHARACTERS * sum(points_found(text, points=points)) / length if points and length else None


def length_ratio(text: str, *, reference: str) -> float | None:
    """Return |answer| / |reference| in characters, labels left out; `None` without a reference."""
    return len(_bare(text)) / len(_bare(reference)) if _bare(reference) else None


def _bare(text: str) -> str:
    return "".join(LABEL.sub("", text).split())


def _f1(said: list[str], wanted: list[str]) -> float:
    shared = (Counter(said) & Counter(wanted)).total()
    return 2 * shared / (len(said) + len(wanted)) if shared else 0.0
