"""One line of JSON a request, without a word of what was asked or answered; and the id that ties it to errors."""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = logging.getLogger("huwen.requests")
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
STDERR = Path("-")


@dataclass(frozen=True, slots=True)
class RequestLog:
    """Gives every request an id (or keeps the proxy's), sends it back, and writes the line when the request is over."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
        token, started, status = REQUEST_ID.set(request_id), time.perf_counter(), 0

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        try:
            await self.app(scope, receive, marked)
        finally:
            LOG.info("request", extra={"huwen": _row(scope, status=status, seconds=time.perf_counter() - started)})
            REQUEST_ID.reset(token)


class JsonLines(logging.Formatter):
    """A record as one JSON object. Of an exception the kind and the places are given, never its text."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        row: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            "request_id": REQUEST_ID.get(),
        }
        return json.dumps(row | getattr(record, "huwen", {}), ensure_ascii=False)


def write_log(file: Path) -> None:
    """Send the program's log to a file, or to stderr for `-`.

    The file is opened anew when it was moved, so that any program can turn it over; several workers may write to it.
    """
    handler: logging.Handler = logging.StreamHandler() if file == STDERR else WatchedFileHandler(file, encoding="utf-8")
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("huwen")
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel(logging.INFO)


def _row(scope: Scope, *, status: int, seconds: float) -> dict[str, object]:
    route = scope.get("route")
    return {
        "method": scope["method"],
        "route": getattr(route, "path", "other"),
        "status": status,
        "ms": round(1000 * seconds, 1),
        "key": scope.get("state", {}).get("key", ""),
    }
