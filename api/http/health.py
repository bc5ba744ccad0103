"""For those who run the server: is it alive, can it answer, what did it do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse

from api.http.described import TEXT, WHOLE, answers_with, fields
from api.http.errors import error_form
from api.http.wire import json_response
from rag.errors import HuwenError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import Receive, Scope, Send

    from api.http.replies import Desk

ALIVE, READY = "/healthz", "/readyz"
NOT_READY = "an index cannot answer now; see `huwen doctor` on the server's machine"


def health_routes(desk: Desk) -> APIRouter:
    """Return `/healthz`, `/readyz` and `/metrics`."""
    router = APIRouter(tags=["operation"])

    @router.get(ALIVE, responses=answers_with(fields(status=TEXT)))
    async def alive() -> Response:
        """Say that the process runs."""
        return json_response({"status": "ok"})

    @router.get(READY, responses=answers_with(fields(status=TEXT, revision=WHOLE)))
    async def ready() -> Response:
        """Say which revision answers; an error where none can."""
        revision = await desk.look(lambda assistant: assistant.status().revision)
        return json_response({"status": "ready", "revision": revision})

    @router.get("/metrics", response_class=PlainTextResponse)
    async def metrics() -> Response:
        """Return the counters as Prometheus reads them."""
        try:
            revision = await desk.look(lambda assistant: assistant.revision)
        except (HuwenError, HTTPException):
            revision = None
        text = desk.metrics.text(revision=revision, published=desk.assistants.published())
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4")

    return router


@dataclass(frozen=True, slots=True)
class Health:
    """Answers who has no key: alive, and whether all indexes can answer; not a word of what they hold."""

    desks: Sequence[Desk]
    paths: frozenset[str] = frozenset((ALIVE, READY))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for one of the paths."""
        response = json_response({"status": "ok"}) if scope["path"] == ALIVE else await self._ready()
        await response(scope, receive, send)

    async def _ready(self) -> Response:
        try:
            for desk in self.desks:
                await desk.look(lambda assistant: assistant.revision)
        except (HuwenError, HTTPException):
            # What is wrong would name the index.
            return json_response(error_form(NOT_READY, status=503), status=503, headers={"retry-after": "1"})
        return json_response({"status": "ready"})
