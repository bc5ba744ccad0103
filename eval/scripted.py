"""An OpenAI-compatible chat server on loopback whose replies a function writes: a model that does as the measurement says."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Reply = Callable[[str], str]

PIECE = 7


@contextmanager
def scripted_server(reply: Reply) -> Iterator[str]:
    """Serve until the block is left; yields the base URL. `reply` gets all the text of a request and returns the answer.

    Whatever is asked is streamed in pieces of a few characters.
    """

    class Handler(_Chat):
        """Answers with `reply`."""

        def written(self, asked: str) -> str:
            return reply(asked)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Chat(BaseHTTPRequestHandler):
    """One request for a completion."""

    protocol_version = "HTTP/1.0"

    def written(self, asked: str) -> str:
        """Return the whole reply."""
        raise NotImplementedError

    def do_POST(self) -> None:
        """Stream the reply."""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        text = self.written("\n".join(str(row["content"]) for row in body["messages"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            for at in range(0, len(text), PIECE):
                self._event({"content": text[at : at + PIECE]}, None)
            self._event({}, "stop")
            self.wfile.write(b"data: [DONE]\n\n")
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
        """Say nothing."""

    def _event(self, delta: dict[str, str], finish: str | None) -> None:
        payload = {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
        self.wfile.write(f"data: {json.dumps(payload, ensure_ascii=False)}\n\n".encode())
