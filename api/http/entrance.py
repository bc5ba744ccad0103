"""Who comes in: a request without a key that opens its index is turned away before anything is read or searched."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from api.access.limits import Limits, OverLimitError
from api.http.errors import error_form, lang_of
from api.http.shelf import named_in
from api.http.wire import json_response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from api.access.keys import Key
    from api.access.ring import KeyRing
    from api.http.health import Health
    from api.http.shelf import Shelf

# A browser asks for name and password: any name, the key as password. So the page needs no form of its own.
CHALLENGE = 'Bearer realm="Huwen", Basic realm="Huwen", charset="UTF-8"'
NO_INDEX = "there is no such index here; ask the operator of this server for its name"
NO_KEY = "this server needs a key: send `Authorization: Bearer KEY`; its operator makes one with `huwen keys create`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """Lets in who holds a key of the index asked for, within the key's limits; health is open.

    An index that the key does not open looks like one that is not there. A plain path is about the first one that it opens.
    """

    shelf: Shelf
    health: Health
    ring: KeyRing
    limits: Limits = field(default_factory=Limits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 401, 404 or 429."""
        if scope["type"] != "http":
            await _other(self.shelf, scope, receive, send)
        elif scope["path"] in self.health.paths:
            await self.health(scope, receive, send)
        else:
            await self._request(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        secret = presented(Headers(scope=scope))
        key = None if secret is None else self.ring.find(secret)
        if key is None:
            await _refuse(scope, 401, NO_KEY, {"www-authenticate": CHALLENGE})(scope, receive, send)
            return
        scope.setdefault("state", {})["key"] = key.name
        name = self._index(key, scope["path"])
        if name is None:
            await _refuse(scope, 404, NO_INDEX, {})(scope, receive, send)
            return
        try:
            with self.limits.taken(key):
                await self.shelf.answer(name, scope, receive, send)
        except OverLimitError as error:
            again = {"retry-after": str(error.wait_s)}
            message = f"{error}; try again in {error.wait_s} s"
            await _refuse(scope, 429, message, again)(scope, receive, send)

    def _index(self, key: Key, path: str) -> str | None:
        """Return the index that a path is about, `None` where the key opens none of that name."""
        opened = [name for name in self.shelf.apps if name in key.indexes]
        named = named_in(path)
        if named is None:
            return opened[0] if opened else None
        return named if named in opened else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDoor:
    """Without keys: lets everybody in; a plain path is about the first index."""

    shelf: Shelf

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 404."""
        if scope["type"] != "http":
            await _other(self.shelf, scope, receive, send)
            return
        named = named_in(scope["path"])
        name = next(iter(self.shelf.apps)) if named is None else named
        if name in self.shelf.apps:
            await self.shelf.answer(name, scope, receive, send)
        else:
            await _refuse(scope, 404, NO_INDEX, {})(scope, receive, send)


@dataclass(frozen=True, slots=True)
class LoopbackOnly:
    """On a loopback address without keys: takes only requests that name a loopback host.

    Else a web page could reach the server through a name of its own that it points here.
    """

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 421."""
        host = Headers(scope=scope).get("host", "") if scope["type"] == "http" else "localhost"
        if is_loopback(_name(host)):
            await self.app(scope, receive, send)
            return
        message = "this server answers to `localhost` only; behind another name it needs `huwen serve --keys FILE`"
        await _refuse(scope, 421, message, {})(scope, receive, send)


def presented(headers: Headers) -> str | None:
    """Return the secret that a request brings: as a bearer token, or as the password of Basic authentication."""
    if len(headers.getlist("authorization")) != 1:
        return None
    scheme, _, value = headers["authorization"].partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return None
    try:
        decoded = base64.b64decode(value.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    return decoded.partition(":")[2]


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address is this machine's own."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _name(host: str) -> str:
    """Return the host of a `Host` header without its port and brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return (host.rpartition(":")[0] if host.count(":") == 1 else host).lower()


async def _other(shelf: Shelf, scope: Scope, receive: Receive, send: Send) -> None:
    """Begin and end with the server; whatever else is no request of ours, such as a socket, is closed."""
    if scope["type"] == "lifespan":
        await shelf.live(receive, send)
    else:
        await send({"type": "websocket.close", "code": 1008})


def _refuse(scope: Scope, status: int, message: str, headers: dict[str, str]) -> ASGIApp:
    form = error_form(message, status=status, lang=lang_of(Headers(scope=scope)))
    return json_response(form, status=status, headers=headers)
