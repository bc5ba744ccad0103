"""A real server on a free port of this machine, for as long as a block runs."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from api.http.plan import Plan
from api.http.server import listening, server_config

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rag.config import Settings


@contextmanager
def serving(settings: Settings, *, drafts: Path | None = None, uploads: Path | None = None) -> Iterator[int]:
    """Serve one index in a thread until the block ends; yields the port."""
    with serving_plan(Plan(indexes={"default": settings}, drafts=drafts, uploads=uploads, grace_s=3)) as port:
        yield port


@contextmanager
def serving_plan(plan: Plan) -> Iterator[int]:
    """Serve what a plan says in a thread until the block ends; yields the port."""
    plan.check()
    server = uvicorn.Server(server_config(plan.app(), grace_s=plan.grace_s))
    with listening("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            port: int = listener.getsockname()[1]
            yield port
        finally:
            server.should_exit = True
            thread.join(15)
            assert not thread.is_alive()
