"""A verdict's reasons as plain values, for `--explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.answer.confidence import confidence_model

if TYPE_CHECKING:
    from rag.answer.reading import Reading
    from rag.answer.verdict import Verdict

DIGITS = 4


def explained(verdict: Verdict) -> dict[str, object]:
    """Return what the decision to answer or to refuse came from."""
    if not verdict.signals:
        return {"reason": verdict.reason}
    model = confidence_model()
    return {
        "reason": verdict.reason,
        "confidence": round(verdict.confidence, DIGITS),
        "least_confidence": model.least,
        "premise": None if verdict.premise is None else verdict.premise.words,
        "signals": {name: round(value, DIGITS) for name, value in verdict.signals.items()},
        "signal_weights": {name: round(value, DIGITS) for name, value in model.contributions(verdict.signals).items()},
        "readings": [_reading(reading) for reading in verdict.readings],
    }


def _reading(reading: Reading) -> dict[str, object]:
    attribute = reading.sought.attribute
    return {
        "part": reading.part.text,
        "kind": reading.sought.kind,
        "attribute": None if attribute is None else attribute.name[reading.part.lang],
        "stated": round(reading.stated, DIGITS),
        "subject": round(reading.subject, DIGITS),
        "statement": None if reading.row is None else reading.row.text,
        "article_id": None if reading.row is None else reading.row.passage.article_id,
    }
