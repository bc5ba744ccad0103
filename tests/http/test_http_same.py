"""A stream and a whole answer are the same answer: over the samples' questions, and over a hundred of the real ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.config import Settings
from tests.http.conftest import running

if TYPE_CHECKING:
    from tests.http.conftest import Server

ROOT = Path(__file__).resolve().parent.parent.parent
HUNDRED = 100


def read_questions(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def assert_same(server: Server, row: dict[str, Any]) -> None:
    body: dict[str, Any] = {"messages": [*row.get("history", []), {"role": "user", "content": row["question"]}]}
    whole: dict[str, Any] = json.loads(server.post("/v1/chat/completions", body).body)
    *chunks, done = server.post("/v1/chat/completions", body | {"stream": True}).events
    assert done == "[DONE]"
    pieces = [json.loads(data) for data in chunks]
    text = "".join(piece["choices"][0]["delta"].get("content", "") for piece in pieces)
    assert text == whole["choices"][0]["message"]["content"]
    assert pieces[-1]["citations"] == whole["citations"]
    assert pieces[-1]["huwen"] == whole["huwen"]


def test_the_samples_questions_are_answered_alike(server: Server) -> None:
    for row in read_questions(ROOT / "samples" / "questions.jsonl"):
        assert_same(server, row)


def test_a_hundred_real_questions_are_answered_alike(corpus_index: Path) -> None:
    rows = [row for row in read_questions(ROOT / "eval" / "qa" / "corpus.jsonl") if row.get("split") == "dev"]
    assert len(rows) >= HUNDRED
    with running(Settings(index=corpus_index)) as server:
        for row in rows[:HUNDRED]:
            assert_same(server, row)
