"""The routes of the web page: a few files that lie beside this one, and nothing from anywhere else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.responses import FileResponse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

STATIC = Path(__file__).parent / "static"
KINDS = {".html": "text/html", ".css": "text/css", ".svg": "image/svg+xml", ".js": "text/javascript"}
PATHS = {"index.html": "/", "docs.html": "/docs"}


def page_routes() -> APIRouter:
    """Return `/` and what it loads."""
    router = APIRouter(include_in_schema=False)
    for file in sorted(STATIC.iterdir()):
        path = PATHS.get(file.name, f"/{file.name}")
        router.add_api_route(path, _sender(file), methods=["GET", "HEAD"], response_class=FileResponse)
    return router


def _sender(file: Path) -> Callable[[], Awaitable[FileResponse]]:
    async def send() -> FileResponse:
        return FileResponse(file, media_type=KINDS[file.suffix], headers={"cache-control": "no-cache"})

    return send
