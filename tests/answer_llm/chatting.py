"""A chat back-end before a scripted server, as the tests of it share it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.answer.llm.openai import OpenAIChat
from rag.types import Turn

if TYPE_CHECKING:
    from tests.answer_llm.conftest import Server, Upstream

KEY = "sk-secret-0123456789"
MESSAGES = (Turn(role="system", content="规则"), Turn(role="user", content="问题"))
TICK = 0.05


def chat(server: Server, *, deadline_s: float = 5.0, key: str | None = KEY) -> OpenAIChat:
    return OpenAIChat(name="openai:m", model="m", base_url=server.url, api_key=key, deadline_s=deadline_s)


def said(llm: OpenAIChat) -> str:
    return "".join(llm.stream(MESSAGES))


def hello(upstream: Upstream) -> None:
    upstream.head()
    upstream.text("你", "好")
    upstream.stop()
