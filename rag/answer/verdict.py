"""Whether an answer is given: the confidence in it, and the reason for a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.answer.evidence import Evidence
    from rag.types import Passage, Question, Reason

CONTENT_MISSING = "content_missing"
# Below these an answer is not given; chosen on development questions.
LEAST_CONFIDENCE = 0.25
LEAST_CONFIDENCE_FOREIGN = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The confidence, 0 to 1, in the best evidence, and why it is not given; `reason` is `None` where it is."""

    confidence: float
    reason: Reason | None


def verdict(question: Question, passages: Sequence[Passage], *, ranked: Sequence[Evidence]) -> Verdict:
    """Judge the evidence, which is ranked best first."""
    best = next(iter(ranked), None)
    confidence = 0.0 if best is None else _confidence(question, best)
    return Verdict(confidence=confidence, reason=_reason(question, passages, best, confidence))


def _confidence(question: Question, best: Evidence) -> float:
    """Return how much of the question the best sentence's passage covers; across languages, how near it is."""
    if question.lang != best.passage.lang:
        return max(best.cosine, best.covered)
    return best.covered


def _reason(question: Question, passages: Sequence[Passage], best: Evidence | None, confidence: float) -> Reason | None:
    if passages and CONTENT_MISSING in passages[0].flags:
        return "content_missing"
    if best is None:
        return "no_evidence"
    least = LEAST_CONFIDENCE if question.lang == best.passage.lang else LEAST_CONFIDENCE_FOREIGN
    return None if best.fits and confidence >= least else "weak_evidence"
