"""Notices that a client has left, and stops what was being done for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from starlette.types import Receive

    from api.http.replies import Reply
    from rag.types import Answer

# nginx's number for it; nobody is there to read it but the metrics.
CLIENT_LEFT = 499


async def until_gone(receive: Receive) -> None:
    """Return when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def whole_answer(reply: Reply, *, receive: Receive) -> Answer:
    """Return the whole answer; where the client leaves before, stop it and raise."""
    reading, leaving = asyncio.create_task(_exhausted(reply)), asyncio.create_task(until_gone(receive))
    try:
        await asyncio.wait((reading, leaving), return_when=asyncio.FIRST_COMPLETED)
        if reading.done():
            return reading.result()
        raise HTTPException(CLIENT_LEFT, "the client left")
    finally:
        reply.close()
        reading.cancel()
        leaving.cancel()
        await asyncio.gather(reading, leaving, return_exceptions=True)


async def _exhausted(reply: Reply) -> Answer:
    async for _ in reply:
        pass
    return reply.answer
