"""Answers that readers mark as wrong: asked again by the server, and kept as drafts for the question sets."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from api.http.bodies import MarkBody  # noqa: TC001 - FastAPI reads it at run time
from api.http.described import TEXT, answers_with, fields
from api.http.wire import json_response
from eval.drafts import add_draft
from rag.contract import answer_json

if TYPE_CHECKING:
    from pathlib import Path

    from api.http.replies import Desk
    from rag.answer.assistant import Assistant
    from rag.contract import Json


def mark_routes(desk: Desk, *, drafts: Path | None) -> APIRouter:
    """Return `/api/wrong`; without a file for the drafts it says that marks are not kept here."""
    router = APIRouter(prefix="/api", tags=["questions"])
    # The file is appended to by one thread at a time.
    lock = threading.Lock()

    @router.post("/wrong", responses=answers_with(fields(id=TEXT)))
    async def mark(body: MarkBody) -> Response:
        """Keep a question whose answer is wrong, for a person to complete."""
        if drafts is None:
            raise HTTPException(403, "marks are not kept here; the operator can start `huwen serve --drafts FILE`")
        asked = body.asked()

        def keep(assistant: Assistant) -> str:
            answer = assistant.ask(asked.question, filters=asked.filters, as_of=asked.as_of, history=asked.history)
            history: list[dict[str, Json]] = [{"role": turn.role, "content": turn.content} for turn in asked.history]
            with lock:
                return add_draft(drafts, result=answer_json(answer), note=body.note, history=history)

        return json_response({"id": await desk.call(keep)})

    return router
