"""How values leave the server: JSON in UTF-8, and the events of a stream."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.contract import Json

DONE = b"data: [DONE]\n\n"
HEARTBEAT = b": waiting\n\n"


def json_bytes(value: Json) -> bytes:
    """Return the value as JSON; half a surrogate pair stays an escape, so that any text can be sent."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")


def json_response(value: Json, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a response with the value as its JSON body."""
    return Response(json_bytes(value), status_code=status, headers=headers, media_type="application/json")


def event(value: Json) -> bytes:
    """Return one server-sent event that carries the value."""
    return b"data: " + json_bytes(value) + b"\n\n"
