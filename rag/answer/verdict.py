"""Whether an answer is given: the confidence in it, and the reason for a refusal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.answer.confidence import confidence_model, topic_model
from rag.answer.conflicts import conflicts_in
from rag.answer.editions import other_editions
from rag.answer.premise import contradicted
from rag.answer.signals import MISSING_FLAGS, signals
from rag.answer.years import absent_years

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.answer.evidence import Evidence
    from rag.answer.findings import Findings, Lookup
    from rag.answer.premise import Premise
    from rag.answer.reading import Reading
    from rag.types import Conflict, Passage, Question, Reason

CONTENT_MISSING = "content_missing"
# A value that is stated so surely, of so much of the subject, is what the answer rests on.
SURE, BOUND = 0.8, 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The confidence, 0 to 1, in the best evidence, and why it is not given; `reason` is `None` where it is.

    `best` is the best evidence and `closest` a passage of the article that is named as the closest.
    `premise` is what the question wrongly takes for granted,
    `conflicts` are values that articles give differently, with the rows they stand in. `readings` are what was found of the values asked for, `signals` what the confidence was computed from.
    """

    confidence: float
    reason: Reason | None
    best: Evidence | None = None
    closest: Passage | None = None
    premise: Premise | None = None
    conflicts: tuple[tuple[Conflict, tuple[Evidence, ...]], ...] = ()
    readings: tuple[Reading, ...] = ()
    signals: Mapping[str, float] = field(default_factory=dict)

    @property
    def unstated(self) -> tuple[str, ...]:
        """The names of the attributes asked for that are stated nowhere."""
        names = [
            row.sought.attribute.name[row.part.lang] for row in self.readings if row.sought.attribute and not row.stated
        ]
        return tuple(dict.fromkeys(names))


def verdict(lookup: Lookup, passages: Sequence[Passage], *, findings: Findings) -> Verdict:
    """Judge what was found."""
    question, idf = lookup.question, lookup.idf
    ranked, statements, readings = findings.ranked, findings.statements, findings.readings
    if not ranked:
        return Verdict(confidence=0.0, reason="content_missing" if _is_missing(passages) else "no_evidence")
    best = _spoken(ranked[0], readings)
    found = signals(
        question, passages, best=best, statements=statements, readings=readings, units=lookup.units, idf=idf
    )
    premise = contradicted(question, statements, readings=readings, idf=idf)
    model = confidence_model()
    confidence = model.confidence(found)
    reason: Reason | None = (
        "false_premise" if premise is not None else _reason(question, passages, found, unsure=confidence < model.least)
    )
    return Verdict(
        # What is refused is never said to be likely, whatever the signals by themselves say.
        confidence=confidence if reason in (None, "false_premise") else min(confidence, model.least),
        reason=reason,
        premise=premise,
        conflicts=tuple(conflicts_in(readings)),
        best=ranked[0],
        closest=_closest(passages, ranked[0], found),
        readings=readings,
        signals=found,
    )


def _reason(
    question: Question,
    passages: Sequence[Passage],
    found: Mapping[str, float],
    *,
    unsure: bool,
) -> Reason | None:
    if _is_missing(passages):
        return "content_missing"
    if absent_years(question.text, passages):
        return "outside_dates"
    topic = topic_model()
    if topic.confidence(found) < topic.least:
        return "no_evidence"
    if not (unsure or other_editions(question.text, passages)):
        return None
    if found["list_may_be_missing"]:
        return "content_missing"
    return "weak_evidence"


def _spoken(best: Evidence, readings: Sequence[Reading]) -> Evidence:
    """Return the row that the answer rests on: that of the surest value, else the best one."""
    read = max(readings, key=lambda reading: reading.worth, default=None)
    sure = read is not None and read.row is not None and read.stated >= SURE and read.subject >= BOUND
    return read.row if sure and read is not None and read.row is not None else best


def _closest(passages: Sequence[Passage], best: Evidence, found: Mapping[str, float]) -> Passage | None:
    """Return the passage whose article is closest and does not hold what was asked."""
    if _is_missing(passages):
        return passages[0]
    if not found["list_may_be_missing"] or MISSING_FLAGS.intersection(best.passage.flags):
        return passages[0]
    return next((row for row in passages if MISSING_FLAGS.intersection(row.flags)), None)


def _is_missing(passages: Sequence[Passage]) -> bool:
    return bool(passages) and CONTENT_MISSING in passages[0].flags
