"""A real server on a free port of this machine, for as long as a block runs."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from api.http.app import create_app
from api.http.assistants import Assistants
from api.http.server import listening, server_config

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rag.config import Settings


@contextmanager
def serving(settings: Settings, *, drafts: Path | None = None, uploads: Path | None = None) -> Iterator[int]:
    """Serve in a thread until the block ends; yields the port."""
    server = uvicorn.Server(server_config(create_app(Assistants(settings), drafts=drafts, uploads=uploads)))
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
