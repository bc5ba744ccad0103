"""The routes of OpenAI's chat protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from api.http import described
from api.http.bodies import ChatBody  # noqa: TC001 - FastAPI reads it at run time
from api.http.completions import MODEL, Completion
from api.http.described import COMPLETION, MODELS, answers_with
from api.http.events import EventStream
from api.http.leaving import whole_answer
from api.http.wire import json_response

if TYPE_CHECKING:
    from api.http.replies import Desk
    from rag.contract import Json


def chat_routes(desk: Desk) -> APIRouter:
    """Return `/v1/chat/completions` and `/v1/models`."""
    router = APIRouter(prefix="/v1", tags=["chat"])
    model: dict[str, Json] = {"id": MODEL, "object": "model", "created": 0, "owned_by": "huwen"}

    @router.post("/chat/completions", responses=answers_with(COMPLETION, streams=True))
    async def complete(body: ChatBody, request: Request) -> Response:
        """Answer the last message. Any model name will do; `citations` stand beside `choices`."""
        reply = await desk.reply(body.asked())
        completion = Completion()
        if not body.stream:
            return json_response(completion.whole(await whole_answer(reply, receive=request.receive)))
        include_usage = body.stream_options is not None and body.stream_options.include_usage
        return EventStream(completion.events(reply, include_usage=include_usage), close=reply.close)

    @router.get("/models", responses=answers_with(MODELS))
    async def models() -> Response:
        """List the one model that is served."""
        return json_response({"object": "list", "data": [model]})

    @router.get("/models/{name:path}", responses=answers_with(described.MODEL))
    async def model_of(name: str) -> Response:
        """Describe a model; every name stands for the one that is served."""
        return json_response(model | {"id": name})

    return router
