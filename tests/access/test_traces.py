"""Spans of requests, as OpenTelemetry's interface gets them from a running server."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from opentelemetry import trace

from api.http.plan import Plan
from tests.access.conftest import guarded

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest
    from opentelemetry.context import Context

    from rag.config import Settings

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
SECRET = "kunpeng-7391"


class Spans:
    """Takes the place of a tracer; keeps name, parent and attributes of each span."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []

    @contextmanager
    def start_as_current_span(
        self, name: str, *, context: Context, kind: trace.SpanKind, **told: bool
    ) -> Iterator[Spans]:
        assert told == {"record_exception": False, "set_status_on_exception": False}
        parent = trace.get_current_span(context).get_span_context()
        self.rows.append({"name": name, "kind": kind.name, "trace": f"{parent.trace_id:032x}"})
        yield self

    def update_name(self, name: str) -> None:
        self.rows[-1]["name"] = name

    def set_attributes(self, attributes: dict[str, object]) -> None:
        self.rows[-1] |= attributes


def test_a_span_says_route_and_status_within_the_callers_trace_and_not_what_was_asked(
    two_indexes: dict[str, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    spans = Spans()
    monkeypatch.setattr(trace, "get_tracer", lambda _: spans)
    headers = [("traceparent", f"00-{TRACE_ID}-00f067aa0ba902b7-01")]
    with guarded(Plan(indexes=two_indexes, grace_s=3), {"": ""}) as client:
        asked = client.send("POST", "/api/ask", headers=headers, body=json.dumps({"question": SECRET}).encode())
        client.send("GET", f"/api/articles/{SECRET}?q={SECRET}")
    assert asked.status == 200
    first, second = spans.rows
    assert first["name"] == "POST /api/ask"
    assert (first["kind"], first["trace"], first["http.response.status_code"]) == ("SERVER", TRACE_ID, 200)
    assert first["huwen.request_id"] == asked.headers["x-request-id"]
    assert second["name"] == "GET /api/articles/{article_id:path}"
    assert second["http.response.status_code"] == 404
    assert SECRET not in json.dumps(spans.rows)
