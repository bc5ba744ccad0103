"""Whether an answer is given: the confidence in it, and the reason for a refusal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.answer.confidence import confidence_model
from rag.answer.coverage import units_of
from rag.answer.reading import read, statements_of
from rag.answer.signals import signals
from rag.answer.years import absent_years

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rag.answer.evidence import Evidence
    from rag.answer.reading import Reading
    from rag.types import Passage, Question, Reason

CONTENT_MISSING = "content_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The confidence, 0 to 1, in the best evidence, and why it is not given; `reason` is `None` where it is.

    `readings` are what was found of the values asked for, `signals` what the confidence was computed from.
    """

    confidence: float
    reason: Reason | None
    readings: tuple[Reading, ...] = ()
    signals: Mapping[str, float] = field(default_factory=dict)


def verdict(
    question: Question,
    passages: Sequence[Passage],
    *,
    ranked: Sequence[Evidence],
    idf: Callable[[Sequence[str]], list[float]],
) -> Verdict:
    """Judge the evidence, which is ranked best first."""
    if not ranked:
        reason: Reason = "content_missing" if _is_missing(passages) else "no_evidence"
        return Verdict(confidence=0.0, reason=reason)
    statements = statements_of(sorted(ranked, key=lambda row: (row.passage.rank, row.span.start)))
    readings = read(question, statements, idf=idf)
    found = signals(
        question,
        passages,
        best=ranked[0],
        statements=statements,
        readings=readings,
        units=units_of(question, idf=idf),
    )
    model = confidence_model()
    confidence = model.confidence(found)
    return Verdict(
        confidence=confidence,
        reason=_reason(question, passages, confidence=confidence, least=model.least),
        readings=readings,
        signals=found,
    )


def _reason(question: Question, passages: Sequence[Passage], *, confidence: float, least: float) -> Reason | None:
    if _is_missing(passages):
        return "content_missing"
    if absent_years(question.text, passages):
        return "outside_dates"
    return None if confidence >= least else "weak_evidence"


def _is_missing(passages: Sequence[Passage]) -> bool:
    return bool(passages) and CONTENT_MISSING in passages[0].flags
