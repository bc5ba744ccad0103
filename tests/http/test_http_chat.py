"""The chat protocol, through OpenAI's own client and byte by byte."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openai
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

    from rag.contract import Json
    from tests.http.conftest import Server

GDP = "前三季度上海GDP是多少？"
QUESTIONS = [
    GDP,
    "望潮区机器人首台套奖励最高多少？",
    "时尚消费品项目网上申报截止到什么时候？",
    "上海2030年的GDP目标是多少？",
    "How much does the robot reward pay for one product?",
]


@pytest.fixture
def client(server: Server) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0, timeout=20) as opened:
        yield opened


def extra(value: BaseModel) -> dict[str, Any]:
    """What the answer holds beside OpenAI's own fields."""
    return value.model_extra or {}


@pytest.mark.parametrize("question", QUESTIONS)
def test_stream_and_whole_give_the_same_text_and_citations(client: openai.OpenAI, question: str) -> None:
    whole = client.chat.completions.create(model="any", messages=[{"role": "user", "content": question}])
    chunks = list(
        client.chat.completions.create(model="any", messages=[{"role": "user", "content": question}], stream=True)
    )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text == whole.choices[0].message.content
    assert extra(chunks[-1])["citations"] == extra(whole)["citations"]


def test_citations_stand_at_the_top_level_and_quote_their_article(client: openai.OpenAI, server: Server) -> None:
    whole = client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": GDP}])
    assert whole.choices[0].finish_reason == "stop"
    assert "40721.17亿元" in (whole.choices[0].message.content or "")
    [citation, *_] = extra(whole)["citations"]
    article = server.get(f"/api/articles/{citation['article_id']}").json
    assert str(article["text"])[citation["start"] : citation["end"]] == citation["quote"]


def test_history_and_system_messages_are_taken(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(
        model="any",
        messages=[
            {"role": "system", "content": "Answer like a pirate."},
            {"role": "user", "content": GDP},
            {"role": "assistant", "content": "40721.17亿元。[1]"},
            {"role": "user", "content": [{"type": "text", "text": "增长了多少？"}]},
        ],
    )
    assert "5.5%" in (answer.choices[0].message.content or "")


def test_parameters_that_are_not_known_are_tolerated(server: Server) -> None:
    body: dict[str, Json] = {
        "messages": [{"role": "user", "content": GDP}],
        "seed": 7,
        "tools": [],
        "frobnicate": {"a": None},
        "user": "x",
    }
    assert server.post("/v1/chat/completions", body).status == 200


def test_stream_is_role_then_text_then_finish_then_one_done(server: Server) -> None:
    reply = server.post("/v1/chat/completions", {"messages": [{"role": "user", "content": GDP}], "stream": True})
    assert reply.events[-1] == "[DONE]"
    assert reply.events.count("[DONE]") == 1
    chunks = [json.loads(data) for data in reply.events[:-1]]
    assert chunks[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks] == [None] * (len(chunks) - 1) + ["stop"]
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert all("usage" not in chunk for chunk in chunks)
    assert chunks[-1]["citations"]


def test_usage_comes_in_a_chunk_of_its_own_when_asked_for(client: openai.OpenAI) -> None:
    chunks = list(
        client.chat.completions.create(
            model="any",
            messages=[{"role": "user", "content": GDP}],
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.total_tokens == 0
    assert extra(chunks[-1])["citations"]


def test_stream_tells_proxies_not_to_hold_it_back(server: Server) -> None:
    reply = server.post("/v1/chat/completions", {"messages": [{"role": "user", "content": GDP}], "stream": True})
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.headers["x-accel-buffering"] == "no"
    assert reply.headers["cache-control"] == "no-cache, no-transform"
    assert "content-length" not in reply.headers


def test_models_are_listed(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["huwen"]
    assert client.models.retrieve("gpt-4o").id == "gpt-4o"


def test_a_refusal_says_its_reason_beside_the_text(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(
        model="any", messages=[{"role": "user", "content": "上海2030年的GDP目标是多少？"}]
    )
    assert extra(answer)["huwen"]["status"] == "refused"
    assert extra(answer)["huwen"]["reason"]
    assert extra(answer)["citations"] == []


@pytest.mark.parametrize(
    ("body", "param"),
    [
        pytest.param({}, "messages", id="no messages"),
        pytest.param({"messages": []}, "messages", id="empty"),
        pytest.param({"messages": "hello"}, "messages", id="a string"),
        pytest.param({"messages": [{"role": "pope", "content": "x"}]}, "messages.0.role", id="unknown role"),
        pytest.param({"messages": [{"role": "user", "content": "x"}], "temperature": "hot"}, "temperature", id="hot"),
        pytest.param({"messages": [{"role": "user", "content": "x"}], "temperature": 9}, "temperature", id="hotter"),
        pytest.param({"messages": [{"role": "user", "content": "x"}], "n": 3}, "n", id="three choices"),
        pytest.param({"messages": [{"role": "user", "content": "x"}], "stream": "perhaps"}, "stream", id="stream"),
        pytest.param({"messages": [{"role": "user", "content": "x"}] * 300}, "messages", id="too many"),
        pytest.param({"messages": [{"role": "user", "content": ""}]}, None, id="empty question"),
        pytest.param({"messages": [{"role": "user", "content": "长" * 10_001}]}, None, id="long question"),
        pytest.param({"messages": [{"role": "assistant", "content": "x"}]}, None, id="not the user's"),
    ],
)
def test_what_cannot_be_used_is_a_400_that_names_it(server: Server, body: dict[str, Any], param: str | None) -> None:
    for streamed in ({}, {"stream": True}):
        reply = server.post("/v1/chat/completions", streamed | body)
        assert reply.status == 400
        assert reply.error["type"] == "invalid_request_error"
        assert str(reply.error["param"] or "").startswith(param or "")


def test_the_client_raises_its_own_exceptions(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="no words"):
        client.chat.completions.create(model="any", messages=[{"role": "user", "content": "？"}])
    with pytest.raises(openai.NotFoundError):
        client.embeddings.create(model="any", input="x")
