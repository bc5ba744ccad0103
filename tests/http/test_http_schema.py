"""Every route, asked as its OpenAPI description allows and forbids; `bench/http_schema.py` does so 1,000 times each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from rag.config import Settings
from tests.http.conftest import Server, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from schemathesis import Case

CASES = 100
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = [
    "POST /v1/chat/completions",
    "GET /v1/models",
    "GET /v1/models/{name}",
    "POST /api/ask",
    "POST /api/search",
    "GET /api/articles/{article_id}",
    "GET /api/status",
    "POST /api/wrong",
    "PUT /api/files/{name}",
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
]
TEXTS = [
    ("/api/ask", "question"),
    ("/api/ask", "source"),
    ("/api/search", "question"),
    ("/api/search", "source"),
    ("/api/wrong", "note"),
]


@pytest.fixture(scope="module")
def marking(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that takes marks too."""
    with running(Settings(index=sample_index), drafts=tmp_path_factory.mktemp("left") / "drafts.jsonl") as server:
        yield server


def check(server: Server, operation: str, *, cases: int) -> None:
    """Send so many good and bad requests to a route, and hold each response against the description."""
    schema = schemathesis.openapi.from_url(f"{server.url}/openapi.json")
    method, _, path = operation.partition(" ")
    strategy = schema[path][method].as_strategy(generation_mode=GenerationMode.POSITIVE) | schema[path][
        method
    ].as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @settings(
        max_examples=cases, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(case=strategy)
    def one(case: Case[Any]) -> None:
        case.call_and_validate(base_url=server.url, checks=CHECKS, timeout=120)

    one()


def test_all_routes_are_tried(server: Server) -> None:
    paths = server.get("/openapi.json").json["paths"]
    assert isinstance(paths, dict)
    described = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert described == set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_route_answers_as_it_is_described_whatever_it_is_sent(marking: Server, operation: str) -> None:
    check(marking, operation, cases=CASES)


@pytest.mark.parametrize(("path", "name"), TEXTS)
@pytest.mark.parametrize(
    "value",
    [
        '"' + "上" * 300_000 + '"',
        '"' + "a" * 1_000_000 + '"',
        '"\\ud800"',
        "[" * 5_000 + "]" * 5_000,
        "NaN",
        "1e999",
        '"\\u0000"',
    ],
    ids=["Chinese", "million", "surrogate", "deep", "NaN", "infinite", "NUL"],
)
def test_monstrous_values_are_refused_or_ignored_and_never_a_500(
    server: Server, path: str, name: str, value: str
) -> None:
    fields = {"question": json.dumps("上海GDP"), name: value}
    body = "{" + ", ".join(f'"{key}": {text}' for key, text in fields.items()) + "}"
    reply = server.send("POST", path, body.encode())
    assert reply.status < 500
    json.loads(reply.body)
