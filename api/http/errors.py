"""Every way to fail as one JSON form, `{"error": {"message", "type", "param", "code"}}`, the one that OpenAI's clients know."""

from __future__ import annotations

import logging
import re
import traceback
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.http.leaving import CLIENT_LEFT
from api.http.wire import json_response
from api.language.errors import in_language
from rag.errors import HuwenError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

    from rag.contract import Json
    from rag.types import Lang

# OpenAI's clients expect 400 where a body breaks the rules; elsewhere 422 says that the JSON was read.
OPENAI_PATHS = "/v1/"
TYPES = {400: "invalid_request_error", 401: "authentication_error", 404: "not_found_error", 429: "rate_limit_error"}
LOG = logging.getLogger("huwen.http")
INTERNAL = "the server failed on this request; its log says why"


def error_form(
    message: str, *, status: int, lang: Lang = "en", param: str | None = None, code: str | None = None
) -> dict[str, Json]:
    """Return the JSON form of an error, its message in the reader's language."""
    kind = TYPES.get(status, "invalid_request_error" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "server_error")
    given = _code_of(status) if code is None else code
    return {"error": {"message": in_language(message, lang), "type": kind, "param": param, "code": given}}


def _code_of(status: int) -> str:
    # The number is nginx's own, so the standard library has no name for it.
    return "client_left" if status == CLIENT_LEFT else _snake(HTTPStatus(status).phrase.replace(" ", ""))


def lang_of(headers: Mapping[str, str]) -> Lang:
    """Return the language that a reader likes best of Chinese and English; programs that do not say get English."""
    return "zh" if headers.get("accept-language", "").strip().lower().startswith("zh") else "en"


def exception_form(error: Exception, lang: Lang = "en") -> dict[str, Json]:
    """Return the form of an exception; one that is not made for people is logged, and its text stays here."""
    if isinstance(error, HuwenError):
        code = _snake(type(error).__name__.removesuffix("Error"))
        return error_form(str(error), status=error.http_status, lang=lang, code=code)
    # Its kind and the places, never its text: that may hold what was asked.
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    LOG.error("request failed: %s\n  %s", type(error).__name__, "\n  ".join(places))
    return error_form(INTERNAL, status=500, lang=lang)


def add_error_handlers(app: FastAPI) -> None:
    """Give every failure of the app's routes the JSON form."""
    app.add_exception_handler(HuwenError, _on_huwen_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http_error)


def _on_huwen_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HuwenError)
    return json_response(exception_form(error, lang_of(request.headers)), status=error.http_status)


def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    message = str(error.detail)
    if error.status_code == HTTPStatus.NOT_FOUND:
        message = f"there is no `{request.url.path}` here; /docs says what is"
    elif error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        message = f"`{request.url.path}` does not take {request.method}"
    form = error_form(message, status=error.status_code, lang=lang_of(request.headers))
    return json_response(form, status=error.status_code, headers=error.headers)


def _on_invalid(request: Request, error: Exception) -> Response:
    """Name the first field that breaks a rule. What was sent is not repeated: it may hold NaN, or be large."""
    assert isinstance(error, RequestValidationError)
    first: Mapping[str, object] = error.errors()[0]
    is_json = first["type"] != "json_invalid"
    status = 422 if is_json and not request.url.path.startswith(OPENAI_PATHS) else 400
    location = first["loc"] if is_json else ()
    param = _param(location if isinstance(location, tuple) else ())
    place = "the body" if param is None else f"`{param}`"
    message = f"{place}: {first['msg']}" if is_json else "the body is not JSON"
    code = "invalid_value" if is_json else "invalid_json"
    form = error_form(message, status=status, lang=lang_of(request.headers), param=param, code=code)
    return json_response(form, status=status)


def _param(location: Sequence[object]) -> str | None:
    return ".".join(str(part) for part in location[1:]) or None


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
