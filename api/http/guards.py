"""What stands before the routes: limits on bodies and on how many may wait, headers on every response, an answer when all else fails."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

from api.http.errors import error_form, exception_form, lang_of
from api.http.wire import json_response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.http.metrics import Metrics
    from api.http.places import Places

MOST_BYTES = 1024 * 1024
# Files come as they are, under these addresses, and may be larger.
FILES_PATH = "/api/files/"
MOST_FILE_BYTES = 20 * 1024 * 1024
# How long the whole of a body may take to come.
BODY_S, FILE_S = 20, 300
SECURITY = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


@dataclass(frozen=True, slots=True)
class BodyGuard:
    """Reads a request's body, at most 1 MiB of JSON or a file, before the app sees it; anything else is refused unread."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body, or refuse it."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        headers, is_file = Headers(scope=scope), _is_file(scope)
        most, seconds = (MOST_FILE_BYTES, FILE_S) if is_file else (MOST_BYTES, BODY_S)
        try:
            async with asyncio.timeout(seconds):
                body = None if _announced(headers) > most else await _read(receive, most=most)
        except TimeoutError:
            await _refuse_slow(scope, receive, send, seconds=seconds)
            return
        if body is None:
            await _refuse_size(scope, receive, send, most=most)
        elif body and not is_file and not _is_json(headers):
            await _refuse_type(headers, scope, receive, send)
        else:
            await self.app(scope, _replay(body, receive), send)


@dataclass(frozen=True, slots=True)
class Shed:
    """Sends questions away unread while more wait than ever get a place in time."""

    app: ASGIApp
    places: Places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 503."""
        if scope["type"] == "http" and scope["method"] == "POST" and self.places.is_full:
            refusal = self.places.refuse()
            form = error_form(refusal.detail, status=503, lang=lang_of(Headers(scope=scope)))
            await json_response(form, status=503, headers=refusal.headers)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


@dataclass(frozen=True, slots=True)
class LastResort:
    """Answers with a 500 where the app raised, counts every response, and adds the security headers to it."""

    app: ASGIApp
    metrics: Metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, marked)
        except Exception as error:  # noqa: BLE001 - nothing may leave without an answer
            form = exception_form(error, lang_of(Headers(scope=scope)))
            if not status:
                await json_response(form, status=500)(scope, receive, marked)
        finally:
            self.metrics.count_request(_route(scope), status=status, seconds=time.perf_counter() - started)


def _route(scope: Scope) -> str:
    """Return the path's pattern, so that ids do not become labels of the metrics."""
    route = scope.get("route")
    return getattr(route, "path", "other")


def _announced(headers: Headers) -> int:
    length = headers.get("content-length", "0")
    return int(length) if length.isdecimal() else 0


async def _read(receive: Receive, *, most: int) -> bytes | None:
    """Return the body, `None` as soon as it is too long."""
    parts, size = [], 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            return None
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    is_sent = False

    async def replayed() -> Message:
        nonlocal is_sent
        if is_sent:
            return await receive()
        is_sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


def _is_file(scope: Scope) -> bool:
    """Tell whether a file is sent. A page of another site cannot send a PUT without being asked first."""
    path: str = scope["path"].removeprefix(scope.get("root_path", ""))
    return scope["method"] == "PUT" and path.startswith(FILES_PATH)


def _is_json(headers: Headers) -> bool:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


async def _refuse_size(scope: Scope, receive: Receive, send: Send, *, most: int) -> None:
    message = f"the body has more than {most:,} bytes; send less"
    form = error_form(message, status=413, lang=lang_of(Headers(scope=scope)), code="body_too_large")
    # What was not read would be taken for the next request.
    await json_response(form, status=413, headers={"connection": "close"})(scope, receive, send)


async def _refuse_slow(scope: Scope, receive: Receive, send: Send, *, seconds: int) -> None:
    message = f"the body did not come within {seconds} s; send it at once"
    form = error_form(message, status=408, lang=lang_of(Headers(scope=scope)))
    await json_response(form, status=408, headers={"connection": "close"})(scope, receive, send)


async def _refuse_type(headers: Headers, scope: Scope, receive: Receive, send: Send) -> None:
    given = headers.get("content-type", "")
    message = f"the body must be JSON: set `Content-Type: application/json` (got `{given}`)"
    form = error_form(message, status=415, lang=lang_of(headers), code="unsupported_media_type")
    await json_response(form, status=415)(scope, receive, send)
