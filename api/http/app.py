"""Puts the server's parts together: the routes of each index inside, guards around them, the entrance before all."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import FastAPI

from api.http.chat import chat_routes
from api.http.described import errors
from api.http.entrance import Entrance, LoopbackOnly, OpenDoor, is_loopback
from api.http.errors import add_error_handlers
from api.http.files import file_routes
from api.http.guards import BodyGuard, LastResort, Shed
from api.http.health import Health, health_routes
from api.http.log import RequestLog
from api.http.marks import mark_routes
from api.http.metrics import Metrics
from api.http.page import page_routes
from api.http.questions import question_routes
from api.http.replies import Desk
from api.http.shelf import Shelf
from api.http.traces import traced
from api.http.uploads import Uploads
from api.mcp.packages import has_sdk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from mcp.server.mcpserver import MCPServer
    from starlette.types import ASGIApp

    from api.access.ring import KeyRing
    from api.http.assistants import Assistants


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """Who may come in, and what readers may leave here.

    Without a `ring` of keys, on a loopback `host`, requests must name a loopback host, so that no web page reaches the server
    through a name of its own; `is_insecure` lets any name pass. `drafts` is the file that keeps what readers mark as wrong,
    `uploads` the folder that keeps the files that they add, for each index its own; without them they cannot.
    """

    host: str = "127.0.0.1"
    ring: KeyRing | None = None
    is_insecure: bool = False
    drafts: Path | None = None
    uploads: Path | None = None


def create_app(served: Mapping[str, Assistants], doors: Doors) -> ASGIApp:
    """Return the ASGI application over the indexes by name, the first on the plain paths too; it closes them when it ends."""
    desks = {name: Desk(assistants, metrics=Metrics()) for name, assistants in served.items()}
    apps = {name: _index_app(desk, doors, uploads=_folder(doors, name, served)) for name, desk in desks.items()}
    shelf = Shelf(
        apps={name: _guarded(app, desks[name]) for name, app in apps.items()},
        lives=[app.router.lifespan_context(app) for app in apps.values()],
    )
    if doors.ring is not None:
        entrance: ASGIApp = Entrance(shelf=shelf, health=Health(list(desks.values())), ring=doors.ring)
    else:
        entrance = OpenDoor(shelf=shelf)
        if not doors.is_insecure and is_loopback(doors.host):
            entrance = LoopbackOnly(entrance)
    return RequestLog(traced(LastResort(entrance, Metrics())))


def _guarded(app: FastAPI, desk: Desk) -> ASGIApp:
    return LastResort(Shed(BodyGuard(app), desk.places), desk.metrics)


def _index_app(desk: Desk, doors: Doors, *, uploads: Path | None) -> FastAPI:
    """Return the app of one index, which no request for another index reaches."""
    mcp = _mcp_server(desk.assistants)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as running:
            if mcp is not None:
                await running.enter_async_context(mcp.session_manager.run())
            yield
        desk.close()
        desk.assistants.close()

    app = FastAPI(title="Huwen 沪问", docs_url=None, redoc_url=None, lifespan=lifespan, responses=errors())
    add_error_handlers(app)
    if mcp is not None:
        # Where the entrance knows who comes, the SDK need not look at the host's name.
        host = doors.host if doors.ring is None and not doors.is_insecure else "0.0.0.0"  # noqa: S104 - nothing is bound
        app.router.routes += mcp.streamable_http_app(stateless_http=True, json_response=True, host=host).routes
    for router in (
        chat_routes(desk),
        question_routes(desk, can_mark=doors.drafts is not None, can_add=uploads is not None),
        mark_routes(desk, drafts=doors.drafts),
        file_routes(desk, uploads=None if uploads is None else Uploads(uploads)),
        health_routes(desk),
        page_routes(),
    ):
        app.include_router(router)
    return app


def _folder(doors: Doors, name: str, served: Mapping[str, Assistants]) -> Path | None:
    """Return where an index keeps its readers' files: no file may get into two indexes."""
    if doors.uploads is None or len(served) == 1:
        return doors.uploads
    return doors.uploads / name


def _mcp_server(assistants: Assistants) -> MCPServer | None:
    if not has_sdk():
        return None
    from api.mcp.server import create_server

    return create_server(assistants)
