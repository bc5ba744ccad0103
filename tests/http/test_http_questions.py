"""Our own protocol: the objects of the command line over HTTP, and what operators look at."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from rag.config import Settings
from rag.contract import answer_json, article_json, status_json
from tests.http.conftest import running

if TYPE_CHECKING:
    from pathlib import Path

    from rag.answer.assistant import Assistant
    from rag.contract import Json
    from tests.http.conftest import Server

GDP = "前三季度上海GDP是多少？"


def test_ask_gives_the_object_of_the_command_line(server: Server, assistant: Assistant) -> None:
    got = server.post("/api/ask", {"question": GDP}).json
    assert got | {"timings_ms": {}} == answer_json(assistant.ask(GDP)) | {"timings_ms": {}}


def test_streamed_ask_sends_the_text_and_then_the_whole(server: Server) -> None:
    reply = server.post("/api/ask", {"question": GDP, "stream": True})
    *pieces, last = [json.loads(data) for data in reply.events]
    assert "".join(piece["text"] for piece in pieces) == last["answer"]["answer"]
    assert last["answer"]["citations"]


def test_filters_and_history_reach_the_assistant(server: Server) -> None:
    outside = server.post("/api/ask", {"question": GDP, "until": "1999-12-31"}).json
    assert outside["reason"] == "outside_dates"
    history = [{"role": "user", "content": GDP}, {"role": "assistant", "content": "40721.17亿元"}]
    assert "5.5%" in str(server.post("/api/ask", {"question": "增长了多少？", "history": history}).json["answer"])


def test_search_finds_passages(server: Server) -> None:
    found = server.post("/api/search", {"question": "机器人首台套奖励", "top_k": 3}).json
    assert list(found) == ["question", "hits", "timings_ms"]
    assert isinstance(found["hits"], list)
    assert 1 <= len(found["hits"]) <= 3


def test_articles_are_found_by_ids_with_any_character(server: Server, assistant: Assistant) -> None:
    hit = assistant.search("野生动物", k=5)[0]
    for article_id in {row.article_id for row in hit}:
        quoted = article_id.replace("#", "%23")
        assert server.get(f"/api/articles/{quoted}").json == article_json(assistant.article(article_id))


def test_status_says_what_is_indexed(server: Server, assistant: Assistant) -> None:
    got = server.get("/api/status").json
    synced = datetime.fromisoformat(str(got.pop("synced")))
    assert timedelta(0) <= datetime.now(UTC) - synced < timedelta(hours=1)
    assert got == status_json(assistant.status()) | {
        "can_mark": False,
        "can_add": False,
        "largest_file": 20 * 1024 * 1024,
    }
    assert got["sources"] == {"沪上产业观察": 17}


def test_health_and_readiness(server: Server) -> None:
    assert server.get("/healthz").json == {"status": "ok"}
    assert server.get("/readyz").json == {"status": "ready", "revision": 1}


def test_metrics_count_requests_answers_and_refusals(server: Server) -> None:
    server.post("/api/ask", {"question": GDP})
    server.post("/api/ask", {"question": "上海2030年的GDP目标是多少？"})
    server.get("/api/articles/robot-reward-in-brief")
    text = server.get("/metrics").body.decode()
    assert 'huwen_answers_total{status="answered",reason=""}' in text
    assert 'huwen_answers_total{status="refused"' in text
    assert 'huwen_requests_total{route="/api/ask",status="200"}' in text
    assert "robot-reward" not in text
    assert "huwen_index_revision 1" in text


def test_the_schema_describes_the_routes(server: Server) -> None:
    paths = server.get("/openapi.json").json["paths"]
    assert isinstance(paths, dict)
    assert {"/v1/chat/completions", "/v1/models", "/api/ask", "/api/search", "/readyz"} <= set(paths)


def test_marks_are_refused_where_the_operator_does_not_keep_them(server: Server) -> None:
    reply = server.post("/api/wrong", {"question": GDP})
    assert reply.status == 403
    assert "--drafts" in str(reply.error["message"])
    assert server.get("/api/status").json["can_mark"] is False


def test_a_marked_answer_becomes_a_draft_with_its_history(sample_index: Path, tmp_path: Path) -> None:
    drafts = tmp_path / "drafts.jsonl"
    history: Json = [{"role": "user", "content": GDP}, {"role": "assistant", "content": "40721.17亿元"}]
    with running(Settings(index=sample_index), drafts=drafts) as server:
        assert server.get("/api/status").json["can_mark"] is True
        marked = server.post("/api/wrong", {"question": "增长了多少？", "history": history, "note": "另一个数"})
        assert marked.status == 200
    [row] = [json.loads(line) for line in drafts.read_text("utf-8").splitlines()]
    assert (row["id"], row["question"], row["notes"]) == (marked.json["id"], "增长了多少？", "另一个数")
    assert row["history"] == history
