"""The routes of our own protocol: the same objects as the command line prints with --json."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from api.http.bodies import AskBody, SearchBody  # noqa: TC001 - FastAPI reads them at run time
from api.http.described import ANSWER, ARTICLE, FOUND, STATUS, answers_with
from api.http.events import EventStream
from api.http.guards import MOST_FILE_BYTES
from api.http.leaving import whole_answer
from api.http.wire import event, json_response
from rag.contract import answer_json, article_json, search_json, status_json

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from api.http.replies import Desk, Reply


def question_routes(desk: Desk, *, can_mark: bool, can_add: bool) -> APIRouter:
    """Return `/api/ask`, `/api/search`, `/api/articles/…` and `/api/status`, which says what readers may add."""
    router = APIRouter(prefix="/api", tags=["questions"])

    @router.post("/ask", responses=answers_with(ANSWER, streams=True))
    async def ask(body: AskBody, request: Request) -> Response:
        """Answer a question. With `stream`, events of `{"text"}` and at last one of `{"answer"}`."""
        reply = await desk.reply(body.asked())
        if body.stream:
            return EventStream(_events(reply), close=reply.close)
        return json_response(answer_json(await whole_answer(reply, receive=request.receive)))

    @router.post("/search", responses=answers_with(FOUND))
    async def search(body: SearchBody) -> Response:
        """Find passages, best first."""
        filters = body.filters
        hits, timings = await desk.call(
            lambda assistant: assistant.search(body.question, k=body.top_k, filters=filters)
        )
        return json_response(search_json(body.question.strip(), hits, timings))

    @router.get("/articles/{article_id:path}", responses=answers_with(ARTICLE))
    async def article(article_id: str) -> Response:
        """Return one article, as citations index into it."""
        return json_response(article_json(await desk.look(lambda assistant: assistant.article(article_id))))

    @router.get("/status", responses=answers_with(STATUS))
    async def status() -> Response:
        """Say what the index holds, when that was published, and whether marks and files are taken."""
        form = status_json(await desk.look(lambda assistant: assistant.status()))
        published = desk.assistants.published()
        synced = None if published is None else published.isoformat()
        return json_response(
            form | {"synced": synced, "can_mark": can_mark, "can_add": can_add, "largest_file": MOST_FILE_BYTES}
        )

    return router


async def _events(reply: Reply) -> AsyncIterator[bytes]:
    # A browser shows nothing before the first byte has come.
    yield b": writing\n\n"
    async for piece in reply:
        yield event({"text": piece})
    yield event({"answer": answer_json(reply.answer)})
