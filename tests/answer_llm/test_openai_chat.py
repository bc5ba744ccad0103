"""The openai back-end against scripted servers: what it sends, and what it passes on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from rag.types import Usage
from tests.answer_llm.chatting import KEY, MESSAGES, chat, hello, said

if TYPE_CHECKING:
    from tests.answer_llm.conftest import Serve, Upstream


def test_pieces_are_passed_on_as_they_come(serve: Serve) -> None:
    server = serve(hello)
    assert [piece for piece in chat(server).stream(MESSAGES) if piece] == ["你", "好"]


def test_the_request_holds_the_messages_the_model_and_the_key(serve: Serve) -> None:
    server = serve(hello)
    said(chat(server))
    request = server.seen.requests[0]
    assert request["model"] == "m"
    assert request["stream"] is True
    assert request["messages"] == [{"role": "system", "content": "规则"}, {"role": "user", "content": "问题"}]
    assert server.seen.headers[0]["authorization"] == f"Bearer {KEY}"


def test_the_usage_is_known_after_the_last_piece(serve: Serve) -> None:
    def script(upstream: Upstream) -> None:
        upstream.head()
        upstream.text("好")
        upstream.event({"choices": [{"delta": {}, "finish_reason": "stop"}]})
        upstream.event({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9}})
        upstream.send("data: [DONE]\n\n")

    completion = chat(serve(script)).stream(MESSAGES)
    assert "".join(completion) == "好"
    assert completion.usage == Usage(prompt_tokens=7, completion_tokens=2)


def test_a_server_without_usage_leaves_it_unknown(serve: Serve) -> None:
    completion = chat(serve(hello)).stream(MESSAGES)
    assert "".join(completion) == "你好"
    assert completion.usage is None


def test_reasoning_is_dropped_in_fields_and_in_think_blocks(serve: Serve) -> None:
    def script(upstream: Upstream) -> None:
        upstream.head()
        upstream.event({"choices": [{"delta": {"reasoning_content": "嗯"}}]})
        upstream.event({"choices": [{"delta": {"content": None, "reasoning": "嗯"}}]})
        upstream.text("<th", "ink>让我", "想想</thi", "nk>", "好")
        upstream.stop()

    assert said(chat(serve(script))) == "好"


def test_empty_and_missing_choices_are_passed_over(serve: Serve) -> None:
    def script(upstream: Upstream) -> None:
        upstream.head()
        upstream.send(": a comment\n\nevent: ping\ndata: {}\n\n")
        upstream.event({"choices": []})
        upstream.event({"choices": None})
        upstream.text("好")
        upstream.stop()

    assert said(chat(serve(script))) == "好"


@pytest.mark.parametrize("end", ["done only", "finish_reason only"])
def test_one_sign_of_the_end_is_enough(serve: Serve, end: str) -> None:
    def script(upstream: Upstream) -> None:
        upstream.head()
        upstream.text("好")
        if end == "done only":
            upstream.send("data: [DONE]\n\n")
        else:
            upstream.event({"choices": [{"delta": {}, "finish_reason": "stop"}]})

    assert said(chat(serve(script))) == "好"


def test_many_completions_leave_no_open_files(serve: Serve) -> None:
    llm = chat(serve(hello))
    said(llm)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a count is all that is wanted
    for _ in range(30):
        said(llm)
    assert len(os.listdir("/proc/self/fd")) <= before + 5  # noqa: PTH208 - as above
