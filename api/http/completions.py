"""The forms of OpenAI's chat protocol, with our citations in them; builds values, sends nothing."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from api.http.wire import DONE, event
from rag.contract import answer_json

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from api.http.replies import Reply
    from rag.contract import Json
    from rag.types import Answer

MODEL = "huwen"
# What a client may want to show beside the text; the rest of the answer is at /api/ask.
EXTRAS = ("status", "reason", "notice", "missing", "nearest", "conflicts", "confidence", "as_of", "llm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What all chunks of one completion share."""

    completion_id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, answer: Answer) -> dict[str, Json]:
        """Return the completion of a request that does not stream."""
        message: dict[str, Json] = {"role": "assistant", "content": answer.text, "refusal": None}
        return {
            **self._head("chat.completion"),
            "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
            "usage": usage_form(answer),
            **_ours(answer),
        }

    async def events(self, reply: Reply, *, include_usage: bool) -> AsyncIterator[bytes]:
        """Yield the events of a request that streams: role, text, finish, usage where it is wanted, and the end."""
        usage: dict[str, Json] = {"usage": None} if include_usage else {}
        yield event(self._chunk({"role": "assistant", "content": ""}) | usage)
        async for piece in reply:
            yield event(self._chunk({"content": piece}) | usage)
        yield event(self._chunk({}, finish="stop") | usage | _ours(reply.answer))
        if include_usage:
            last: dict[str, Json] = {"choices": [], "usage": usage_form(reply.answer)}
            yield event(self._head("chat.completion.chunk") | last | _ours(reply.answer))
        yield DONE

    def _chunk(self, delta: dict[str, Json], *, finish: str | None = None) -> dict[str, Json]:
        choice: dict[str, Json] = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def _head(self, kind: str) -> dict[str, Json]:
        return {"id": self.completion_id, "object": kind, "created": self.created, "model": MODEL}


def usage_form(answer: Answer) -> dict[str, Json]:
    """Return the tokens that a model counted; an answer made of quotes has none."""
    prompt = 0 if answer.usage is None else answer.usage.prompt_tokens
    completion = 0 if answer.usage is None else answer.usage.completion_tokens
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def _ours(answer: Answer) -> dict[str, Json]:
    form = answer_json(answer)
    return {"citations": form["citations"], "huwen": {name: form[name] for name in EXTRAS}}
