"""The route by which readers add files, where the operator lets them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.access.audit import index_audit, note_act
from api.http.described import ADDED, answers_with, takes_file
from api.http.guards import FILES_PATH
from api.http.wire import json_response

if TYPE_CHECKING:
    from api.http.replies import Desk
    from api.http.uploads import Uploads
    from rag.contract import Json


def file_routes(desk: Desk, *, uploads: Uploads | None) -> APIRouter:
    """Return `/api/files/…`; without a folder for the files it says that none are taken here."""
    router = APIRouter(tags=["files"])

    @router.put(FILES_PATH + "{name}", responses=answers_with(ADDED), openapi_extra=takes_file())
    async def add(name: str, request: Request) -> Response:
        """Add a file, its bytes as the body, and index it; where it cannot be read nothing is kept."""
        if uploads is None:
            raise HTTPException(403, "files are not taken here; the operator can start `huwen serve --uploads DIR`")
        body = await request.body()
        settings = desk.assistants.settings
        taken = await asyncio.to_thread(uploads.take, name, body, settings=settings)
        about: dict[str, Json] = {**taken, "key": request.scope.get("state", {}).get("key", "")}
        note_act(index_audit(settings.index), "file added", about=about)
        return json_response(taken)

    return router
