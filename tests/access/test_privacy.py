"""What was asked and by which key stays out of logs, metrics, the process list and every file but the reader's own."""

from __future__ import annotations

import json
import logging
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.http.log import write_log
from api.http.plan import Plan
from rag.answer.assistant import Assistant
from tests.access.conftest import Client, add_key, guarded
from tests.access.processes import started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.config import Settings

# Words that stand nowhere else, as they are and as JSON or an address would spell them.
QUESTION = "鲲鹏暗号七三九一计划总投资多少？ kunpeng-7391-secret"
MODEL_KEY = "sk-planted-4482-model-key"
TRACES = ("鲲鹏暗号", "kunpeng-7391", "%E9%B2%B2%E9%B9%8F", "\\u9cb2\\u9e4f", MODEL_KEY)


@pytest.fixture
def quiet_again() -> Iterator[None]:
    """Undo what `write_log` does to this process's logging."""
    logger = logging.getLogger("huwen")
    before = (logger.handlers, logger.propagate, logger.level)
    yield
    for handler in logger.handlers:
        handler.close()
    logger.handlers, logger.propagate = before[0], before[1]
    logger.setLevel(before[2])


def asked_everywhere(client: Client, key: str) -> None:
    """Put the question into every place of a request that a log might repeat."""
    headers = [("Authorization", f"Bearer {client.secrets[key]}")]
    for path in ("/api/ask", "/api/search", "/api/wrong"):
        client.post(path, {"question": QUESTION, "source": QUESTION, "stream": True}, key=key)
        client.post(path, {"question": [QUESTION], "since": QUESTION}, key=key)
        client.send("POST", path, headers=headers, body=f'{{"question": "{QUESTION}", '.encode())
    client.post("/v1/chat/completions", {"messages": [{"role": "user", "content": QUESTION}]}, key=key)
    client.post("/v1/chat/completions", {"messages": [{"role": QUESTION, "content": QUESTION}]}, key=key)
    client.post("/mcp", {"jsonrpc": "2.0", "id": 1, "method": QUESTION}, key=key)
    client.send("GET", "/api/articles/kunpeng-7391-secret?question=kunpeng-7391", headers=headers)
    client.send("GET", "/kunpeng-7391-secret", headers=[*headers, ("X-Request-Id", "kunpeng-7391 secret")])
    client.send(
        "GET",
        "/api/status",
        headers=[("Authorization", f"Bearer {client.secrets[key]}x"), ("Referer", QUESTION.encode().decode("latin-1"))],
    )
    client.send("PUT", "/api/files/kunpeng-7391.txt", headers=headers, body=QUESTION.encode())


def test_a_planted_question_and_planted_keys_are_in_no_log_metric_or_process_list(
    two_indexes: dict[str, Settings], tmp_path: Path
) -> None:
    secret = add_key(tmp_path / "keys.json", "anna", indexes=("harbour",))
    environment = {**os.environ, "HUWEN_LLM_API_KEY": MODEL_KEY, "HUWEN_DEBUG": "1"}
    arguments = ["--keys", str(tmp_path / "keys.json"), "--log", str(tmp_path / "log.jsonl")]
    # A model that cannot be reached: its failures must not tell what it was asked either.
    arguments += ["--llm", "openai:any", "--config", str(tmp_path / "huwen.toml")]
    (tmp_path / "huwen.toml").write_text('llm_base_url = "http://127.0.0.1:9/v1"\nllm_deadline_s = 5\n', "utf-8")
    index = f"harbour={two_indexes['harbour'].index}"
    with started("--index", index, *arguments, environment=environment, errors=tmp_path / "stderr") as running:
        client = Client(port=running.port, secrets={"anna": secret})
        asked_everywhere(client, "anna")
        metrics = client.get("/metrics", key="anna").body.decode()
        processes = "".join(
            path.read_text("utf-8", "replace") for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()
        )
    written = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir() if path.is_file()}
    assert len(written["log.jsonl"].splitlines()) >= 15
    for name, text in {**written, "metrics": metrics, "processes": processes}.items():
        for trace in (*TRACES, secret):
            assert trace not in text, f"{trace} is in {name}"


def test_a_line_of_the_log_says_what_happened_and_ties_it_to_the_response(
    two_indexes: dict[str, Settings], tmp_path: Path, quiet_again: None
) -> None:
    del quiet_again
    secrets = {"anna": add_key(tmp_path / "keys.json", "anna", indexes=("harbour",))}
    plan = Plan(
        indexes={"harbour": two_indexes["harbour"]}, keys=tmp_path / "keys.json", log=tmp_path / "log", grace_s=3
    )
    with guarded(plan, secrets) as client:
        answered = client.post("/api/ask", {"question": "码头总投资多少？"}, key="anna")
        refused = client.send("GET", "/api/status")
        kept = client.send("GET", "/healthz", headers=[("X-Request-Id", "from-the-proxy.1")])
    rows = [json.loads(line) for line in (tmp_path / "log").read_text("utf-8").splitlines()]
    assert [(row["method"], row["status"], row["key"]) for row in rows] == [
        ("POST", 200, "anna"),
        ("GET", 401, ""),
        ("GET", 200, ""),
    ]
    assert rows[0]["route"].endswith("/api/ask")
    assert rows[0]["ms"] > 0
    assert [row["request_id"] for row in rows] == [got.headers["x-request-id"] for got in (answered, refused, kept)]
    assert rows[2]["request_id"] == "from-the-proxy.1"
    assert re.fullmatch(r"[0-9a-f]{32}", rows[0]["request_id"])


def test_a_failure_of_the_server_is_logged_by_its_place_and_not_by_its_words(
    two_indexes: dict[str, Settings], tmp_path: Path, quiet_again: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del quiet_again

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(QUESTION)

    monkeypatch.setattr(Assistant, "search", broken)
    with guarded(Plan(indexes=two_indexes, log=tmp_path / "log", grace_s=3), {"": ""}) as client:
        got = client.send("POST", "/api/search", body=json.dumps({"question": QUESTION}).encode())
    assert got.status == 500
    text = (tmp_path / "log").read_text("utf-8")
    assert not [trace for trace in TRACES if trace in text or trace in got.body.decode()]
    rows = [json.loads(line) for line in text.splitlines()]
    assert "RuntimeError" in rows[0]["message"]
    assert "test_privacy.py" in rows[0]["message"]
    assert rows[0]["request_id"] == rows[1]["request_id"] == got.headers["x-request-id"]


def test_a_log_that_was_moved_is_begun_anew(tmp_path: Path, quiet_again: None) -> None:
    del quiet_again
    write_log(tmp_path / "log")
    logger = logging.getLogger("huwen.access")
    logger.error("one")
    (tmp_path / "log").rename(tmp_path / "log.1")
    logger.error("two")
    assert json.loads((tmp_path / "log").read_text("utf-8"))["message"] == "two"
