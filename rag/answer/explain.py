"""A verdict's reasons as plain values, for `--explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rag.answer.confidence import confidence_model, topic_model
from rag.answer.scoring import load_scorer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.answer.evidence import Evidence
    from rag.answer.reading import Reading
    from rag.answer.verdict import Verdict

DIGITS = 4
# Of a sentence's reasons the strongest are shown.
REASONS = 5


def explained(verdict: Verdict) -> dict[str, object]:
    """Return what the decision to answer or to refuse came from."""
    if not verdict.signals:
        return {"reason": verdict.reason}
    model = confidence_model()
    return {
        "reason": verdict.reason,
        "confidence": round(verdict.confidence, DIGITS),
        "least_confidence": model.least,
        "about": round(topic_model().confidence(verdict.signals), DIGITS),
        "least_about": topic_model().least,
        "premise": None if verdict.premise is None else verdict.premise.words,
        "signals": {name: round(value, DIGITS) for name, value in verdict.signals.items()},
        "signal_weights": {name: round(value, DIGITS) for name, value in model.contributions(verdict.signals).items()},
        "readings": [_reading(reading) for reading in verdict.readings],
    }


def chosen(picked: Sequence[Evidence], ranked: Sequence[Evidence]) -> list[dict[str, object]]:
    """Return of each quoted sentence its share among all, its place, and what sets it apart from a usual one."""
    usual = np.mean([row.features for row in ranked], axis=0).tolist()
    return [
        {
            "text": row.text,
            "article_id": row.passage.article_id,
            "share": round(row.score, DIGITS),
            "place": next(
                (at for at, other in enumerate(ranked, 1) if other.span == row.span and other.passage == row.passage),
                None,
            ),
            "reasons": dict(list(load_scorer().reasons(row.features, usual=usual).items())[:REASONS]),
        }
        for row in picked
    ]


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
