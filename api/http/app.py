"""Puts the server's parts together: routes inside, guards around them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI

from api.http.chat import chat_routes
from api.http.errors import add_error_handlers
from api.http.guards import BodyGuard, LastResort
from api.http.health import health_routes
from api.http.marks import mark_routes
from api.http.metrics import Metrics
from api.http.page import page_routes
from api.http.questions import question_routes
from api.http.replies import Desk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from starlette.types import ASGIApp

    from api.http.assistants import Assistants

ERRORS: dict[int | str, dict[str, object]] = {
    "4XX": {"description": "the request cannot be used"},
    "5XX": {"description": "the server failed"},
}


def create_app(assistants: Assistants, *, drafts: Path | None = None) -> ASGIApp:
    """Return the ASGI application; it closes the assistants when it ends.

    `drafts` is the file that keeps what readers mark as wrong; without it they cannot.
    """
    metrics = Metrics()
    desk = Desk(assistants, metrics=metrics)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        desk.close()
        assistants.close()

    app = FastAPI(title="Huwen 沪问", docs_url=None, redoc_url=None, lifespan=lifespan, responses=ERRORS)
    add_error_handlers(app)
    for router in (
        chat_routes(desk),
        question_routes(desk, can_mark=drafts is not None),
        mark_routes(desk, drafts=drafts),
        health_routes(desk),
        page_routes(),
    ):
        app.include_router(router)
    return LastResort(BodyGuard(app), metrics)
