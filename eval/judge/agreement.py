"""How far the judge agrees with people: Cohen's kappa over a labelled file, and what that allows to say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.judge.score import correctness
from rag.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from eval.judge.verdicts import Judge

CALIBRATED = 0.70


class Labelled(BaseModel):
    """One answer that a person graded."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    question: str
    reference: str
    answer: str
    correct: bool


def cohens_kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Return (p_o - p_e) / (1 - p_e) of two raters' yes and no (Cohen 1960); `None` where both never vary or none rated."""
    if not pairs:
        return None
    n = len(pairs)
    first, second = sum(one for one, _ in pairs) / n, sum(two for _, two in pairs) / n
    observed = sum(one == two for one, two in pairs) / n
    expected = first * second + (1 - first) * (1 - second)
    return None if expected == 1 else (observed - expected) / (1 - expected)


def calibrate(path: Path, *, judge: Judge) -> float | None:
    """Return the judge's kappa on a labelled file; an answer that it could not grade is left out. Raises `UsageError`."""
    pairs = []
    for row in _labelled(path):
        verdict = correctness(row.question, row.reference, row.answer, judge=judge)
        if verdict is not None:
            pairs.append((row.correct, verdict == 1.0))
    return cohens_kappa(pairs)


def is_calibrated(kappa: float | None) -> bool:
    """Tell whether the judge's numbers may stand without the word uncalibrated."""
    return kappa is not None and kappa >= CALIBRATED


def _labelled(path: Path) -> list[Labelled]:
    try:
        return [
            Labelled.model_validate(json.loads(line)) for line in path.read_text("utf-8").splitlines() if line.strip()
        ]
    except (OSError, ValueError, ValidationError) as error:
        shape = '{"question", "reference", "answer", "correct"}'
        raise UsageError(f"the labelled file `{path}` cannot be used ({error}); it takes {shape} a line") from error
