"""What a verdict adds to quoted sentences: which rows must be quoted, and the notices, conflicts and gaps around them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rag.answer.accounts import unanswered
from rag.answer.conflicts import with_conflicts
from rag.answer.correction import corrected
from rag.answer.dated import deadline_notice, post_notice
from rag.answer.explain import explained
from rag.answer.verdict import BOUND, SURE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.answer.evidence import Evidence
    from rag.answer.verdict import Verdict
    from rag.types import Answer


def rows_to_quote(picked: Sequence[Evidence], verdict: Verdict) -> list[Evidence]:
    """Return the rows to quote: what contradicts the premise first, what was picked, then each value of a conflict.

    Of values that changed over time only the latest is quoted.
    """
    rows = list(picked)
    if verdict.premise is not None:
        rows = [verdict.premise.row, *(row for row in rows if row != verdict.premise.row)]
    rows += [row for row in _read_rows(verdict) if row not in rows]
    for conflict, stated in verdict.conflicts:
        wanted = stated[:1] if conflict.over_time else stated
        rows += [row for row in wanted if row not in rows]
    return rows


def _read_rows(verdict: Verdict) -> list[Evidence]:
    """Return the rows in which a part's value is surely stated: they are quoted, however their sentences rank."""
    sure = [row for row in verdict.readings if row.stated >= SURE and row.subject >= BOUND]
    return [reading.row for reading in sure if reading.row is not None]


def framed(answer: Answer, verdict: Verdict) -> Answer:
    """Return the answer with what the verdict knows of it: a correction, conflicts, the deadline, posts, what is missing."""
    if answer.status == "answered":
        answer = with_conflicts(answer, [conflict for conflict, _ in verdict.conflicts])
        remarks = (answer.notice, deadline_notice(answer, verdict.readings), post_notice(answer))
        answer = replace(answer, notice=" ".join(remark for remark in remarks if remark is not None) or None)
    if verdict.premise is not None and answer.claims:
        answer = corrected(answer, verdict.premise)
    return replace(answer, missing=unanswered(verdict), explain={**answer.explain, **explained(verdict)})
