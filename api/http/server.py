"""Runs the app on a port until a signal ends it."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.supervisors.multiprocess import Multiprocess

from api.http.connections import TimedConnection
from rag.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

    from api.http.plan import Plan


def serve(plan: Plan, *, ready: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM; `ready` is called with the URL once connections are accepted.

    Port 0 takes a free one. Raises what `Plan.check` and `Plan.app` raise, and `UsageError` where the port cannot be had.
    """
    plan.check()
    if plan.workers > 1:
        # Each worker is a new process: an index that was searched does not survive a fork.
        plan.try_out()
        config = server_config(plan.app, grace_s=plan.grace_s, workers=plan.workers)
    else:
        config = server_config(plan.app(), grace_s=plan.grace_s)
    with listening(plan.host, plan.port) as listener:
        shown = f"[{plan.host}]" if ":" in plan.host else plan.host
        ready(f"http://{shown}:{listener.getsockname()[1]}/")
        if plan.workers > 1:
            Multiprocess(config, sockets=[listener]).run()
        else:
            uvicorn.Server(config).run(sockets=[listener])


def server_config(app: ASGIApp | Callable[[], ASGIApp], *, grace_s: int, workers: int = 1) -> uvicorn.Config:
    """Return how the app is run: quiet; told to stop, it finishes what it answers, but no longer than `grace_s`."""
    return uvicorn.Config(
        app,
        factory=workers > 1,
        workers=workers,
        http=TimedConnection,
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=grace_s,
    )


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
