"""The response that streams: first bytes at once, a sign of life while it waits, an end when the reader leaves."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import Response

from api.http.errors import exception_form, lang_of
from api.http.leaving import until_gone
from api.http.wire import HEARTBEAT, event

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.types import Receive, Scope, Send

    from rag.types import Lang

HEARTBEAT_S = 15.0
HEADERS = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
}


class EventStream(Response):
    """Sends events as they come. An exception of theirs becomes an error event, after which nothing follows."""

    def __init__(self, events: AsyncIterator[bytes], *, close: Callable[[], None]) -> None:
        """`close` is called once, whichever way the stream ends."""
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self._events = events
        self._close = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events, until they end or the reader leaves."""
        lang = lang_of(Headers(scope=scope))
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        tasks = [
            asyncio.create_task(work) for work in (self._send_events(send, lang), until_gone(receive), _beat(send))
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            self._close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send_events(self, send: Send, lang: Lang) -> None:
        try:
            async for data in self._events:
                await send({"type": "http.response.body", "body": data, "more_body": True})
        except Exception as error:  # noqa: BLE001 - the status has been sent: this is the way left to say it
            await send({"type": "http.response.body", "body": event(exception_form(error, lang)), "more_body": True})


async def _beat(send: Send) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_S)
        await send({"type": "http.response.body", "body": HEARTBEAT, "more_body": True})
