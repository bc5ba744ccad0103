"""Runs the app on a port until a signal ends it."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import uvicorn

from api.http.app import create_app
from api.http.assistants import Assistants
from rag.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.types import ASGIApp

    from rag.config import Settings

GRACE_S = 3


def serve(
    settings: Settings,
    *,
    host: str,
    port: int,
    drafts: Path | None,
    uploads: Path | None,
    ready: Callable[[str], None],
) -> None:
    """Serve until Ctrl-C or SIGTERM; `ready` is called with the URL once connections are accepted.

    Port 0 takes a free one. Raises what `open_assistant` raises, and `UsageError` where the port cannot be had.
    """
    app = create_app(Assistants(settings), drafts=drafts, uploads=uploads, host=host)
    with listening(host, port) as listener:
        shown = f"[{host}]" if ":" in host else host
        ready(f"http://{shown}:{listener.getsockname()[1]}/")
        uvicorn.Server(server_config(app)).run(sockets=[listener])


def server_config(app: ASGIApp) -> uvicorn.Config:
    """Return how the app is run: quiet, and with an end to what is still streaming when it must stop."""
    return uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=GRACE_S)


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises `UsageError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise UsageError(f"`{host}:{port}` cannot be listened on ({error}); choose another --port") from error
    return listener
