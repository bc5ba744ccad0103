"""A connection that is cut when its client dawdles: with the head of a request, or with reading an answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from uvicorn.protocols.http.h11_impl import H11Protocol

from api.http.errors import error_form
from api.http.places import BUSY

if TYPE_CHECKING:
    import asyncio

# How long the head of a request may take to come, and how long a client may leave unread what it was sent. How long a body
# may take is said where bodies are read.
HEAD_S, UNREAD_S = 10.0, 30.0
# Most systems give a process 1,024 descriptors; the index needs some of them.
MOST_CONNECTIONS = 800
_FORM = json.dumps(error_form(BUSY, status=503)).encode()
TOO_MANY = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nretry-after: 1\r\nconnection: close\r\n"
    b"content-length: %d\r\n\r\n%s" % (len(_FORM), _FORM)
)


class TimedConnection(H11Protocol):
    """uvicorn's connection, which by itself waits for ever in both cases."""

    _head: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request, or send the client away where there are too many."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.write(TOO_MANY)
            transport.close()
            return
        self._watch_head()

    def data_received(self, data: bytes) -> None:
        """Take what came; while it is no whole head, the time runs."""
        super().data_received(data)
        self._watch_head()

    def pause_writing(self) -> None:
        """Stop writing until the client has read some of it; it has so long."""
        super().pause_writing()
        self._unread = self.loop.call_later(UNREAD_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on writing."""
        super().resume_writing()
        self._stop_unread()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the waiting."""
        self._stop_head()
        self._stop_unread()
        super().connection_lost(exc)

    def _watch_head(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_head()
        elif self._head is None:
            self._head = self.loop.call_later(HEAD_S, self.transport.abort)

    def _stop_head(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _stop_unread(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None
