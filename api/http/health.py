"""The routes for those who run the server: is it alive, can it answer, what did it do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse

from api.http.wire import json_response
from rag.errors import HuwenError

if TYPE_CHECKING:
    from api.http.replies import Desk


def health_routes(desk: Desk) -> APIRouter:
    """Return `/healthz`, `/readyz` and `/metrics`."""
    router = APIRouter(tags=["operation"])

    @router.get("/healthz")
    async def alive() -> Response:
        """Say that the process runs."""
        return json_response({"status": "ok"})

    @router.get("/readyz")
    async def ready() -> Response:
        """Say which revision answers; an error where none can."""
        revision = await desk.call(lambda assistant: assistant.status().revision)
        return json_response({"status": "ready", "revision": revision})

    @router.get("/metrics")
    async def metrics() -> Response:
        """Return the counters as Prometheus reads them."""
        try:
            revision = await desk.call(lambda assistant: assistant.revision)
        except (HuwenError, HTTPException):
            revision = None
        text = desk.metrics.text(revision=revision, published=desk.assistants.published())
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4")

    return router
