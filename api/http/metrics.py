"""Counts what the server did, in the text form that Prometheus reads."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.types import Answer

HELP = {
    "huwen_requests_total": "Requests by route and status.",
    "huwen_request_seconds_total": "Seconds spent on requests, by route.",
    "huwen_answers_total": "Answers by status, and by reason where they were refused.",
    "huwen_stage_seconds_total": "Seconds that answers took, by stage.",
    "huwen_claims_dropped_total": "Sentences that were left out because no passage supports them.",
    "huwen_streams_left_total": "Answers whose reader left before they were whole.",
}


class Metrics:
    """Counters that any thread may raise."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()

    def count_request(self, route: str, *, status: int, seconds: float) -> None:
        """Count one response; status 0 is a reader who left before it began."""
        self._add("huwen_requests_total", 1, route=route, status=str(status))
        self._add("huwen_request_seconds_total", seconds, route=route)

    def count_answer(self, answer: Answer) -> None:
        """Count one answer and its stages."""
        reason = "" if answer.reason is None else answer.reason
        self._add("huwen_answers_total", 1, status=answer.status, reason=reason)
        self._add("huwen_claims_dropped_total", sum(not claim.supported for claim in answer.claims))
        for stage, milliseconds in answer.timings_ms.items():
            self._add("huwen_stage_seconds_total", milliseconds / 1000, stage=stage)

    def count_left(self) -> None:
        """Count one reader who left."""
        self._add("huwen_streams_left_total", 1)

    def text(self, *, revision: int | None, published: datetime | None) -> str:
        """Return all counters, and the revision of the index that is served with its age."""
        return "\n".join([*self._lines(), *_index_lines(revision, published), ""])

    def _add(self, name: str, value: float, **labels: str) -> None:
        with self._lock:
            # A Counter holds floats as well as it holds integers.
            self._values[name, tuple(labels.items())] += value  # type: ignore[assignment]

    def _lines(self) -> Iterator[str]:
        with self._lock:
            rows = sorted(self._values.items())
        for name, explanation in HELP.items():
            yield f"# HELP {name} {explanation}"
            yield f"# TYPE {name} counter"
            for (counter, labels), value in rows:
                if counter == name:
                    marks = ",".join(f'{key}="{text}"' for key, text in labels)
                    yield f"{name}{{{marks}}} {value:.6g}" if marks else f"{name} {value:.6g}"


def _index_lines(revision: int | None, published: datetime | None) -> Iterator[str]:
    if revision is not None:
        yield from _gauge("huwen_index_revision", "Revision of the index that is served.", revision)
    if published is not None:
        age = max(0, round((datetime.now(UTC) - published).total_seconds()))
        yield from _gauge("huwen_index_age_seconds", "Seconds since that revision was published.", age)


def _gauge(name: str, explanation: str, value: int) -> list[str]:
    return [f"# HELP {name} {explanation}", f"# TYPE {name} gauge", f"{name} {value}"]
