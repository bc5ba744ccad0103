"""Puts the server's parts together: routes inside, guards around them."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI

from api.http.chat import chat_routes
from api.http.errors import add_error_handlers
from api.http.files import file_routes
from api.http.guards import BodyGuard, LastResort
from api.http.health import health_routes
from api.http.marks import mark_routes
from api.http.metrics import Metrics
from api.http.page import page_routes
from api.http.questions import question_routes
from api.http.replies import Desk
from api.http.uploads import Uploads
from api.mcp.packages import has_sdk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from mcp.server.mcpserver import MCPServer
    from starlette.types import ASGIApp

    from api.http.assistants import Assistants

ERRORS: dict[int | str, dict[str, object]] = {
    "4XX": {"description": "the request cannot be used"},
    "5XX": {"description": "the server failed"},
}


def create_app(
    assistants: Assistants, *, drafts: Path | None = None, uploads: Path | None = None, host: str = "127.0.0.1"
) -> ASGIApp:
    """Return the ASGI application; it closes the assistants when it ends.

    `drafts` is the file that keeps what readers mark as wrong, `uploads` the folder that keeps the files that they add;
    without them they cannot. On a loopback `host`, `/mcp` takes
    requests that name a loopback host only, so that no web page reaches it through a name of its own.
    """
    metrics = Metrics()
    desk = Desk(assistants, metrics=metrics)
    mcp = _mcp_server(assistants)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as running:
            if mcp is not None:
                await running.enter_async_context(mcp.session_manager.run())
            yield
        desk.close()
        assistants.close()

    app = FastAPI(title="Huwen 沪问", docs_url=None, redoc_url=None, lifespan=lifespan, responses=ERRORS)
    add_error_handlers(app)
    if mcp is not None:
        app.router.routes += mcp.streamable_http_app(stateless_http=True, json_response=True, host=host).routes
    for router in (
        chat_routes(desk),
        question_routes(desk, can_mark=drafts is not None, can_add=uploads is not None),
        mark_routes(desk, drafts=drafts),
        file_routes(desk, uploads=None if uploads is None else Uploads(uploads)),
        health_routes(desk),
        page_routes(),
    ):
        app.include_router(router)
    return LastResort(BodyGuard(app), metrics)


def _mcp_server(assistants: Assistants) -> MCPServer | None:
    if not has_sdk():
        return None
    from api.mcp.server import create_server

    return create_server(assistants)
