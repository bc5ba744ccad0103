"""A chat server on loopback for the measurements, and `huwen serve` asking it.

The server quotes the first passage of each prompt, and notes when it sent what.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from rag.text.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = Path(os.environ.get("HUWEN_CORPUS") or ROOT / "samples" / "articles")
QUESTIONS = ("2023年上海工业战略性新兴产业总产值占规上工业总产值的比重是多少？", "前三季度上海GDP是多少？")
FIRST_PASSAGE = re.compile(r"^<<<(\w+) \[1\]\n.*\n.*\n.*\n((?s:.*?))\n\[1\] \1>>>$", re.MULTILINE)
SENTENCES, SHORTEST, PIECE = 3, 12, 2
# A call that its reader should have ended is given up after this.
ENDLESS_S = 30.0
START_S = 30.0


@dataclass(slots=True, kw_only=True)
class Call:
    """When things happened in one call, by `time.monotonic`; `None` is not yet.

    `first` is when the piece that ends the first sentence was sent, `certain` the next one, which shows that no further
    citation follows; `left` is when the reader was seen to have hung up.
    """

    arrived: float
    asked: str
    first: float | None = None
    certain: float | None = None
    done: float | None = None
    left: float | None = None


class ScriptedModel(ThreadingHTTPServer):
    """Sends a piece of two characters every `pace_s` seconds; an `endless` one never comes to its end."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *, pace_s: float, endless: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pace_s = pace_s
        self.endless = endless
        self.calls: list[Call] = []

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ScriptedModel

    def do_POST(self) -> None:
        arrived = time.monotonic()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        call = Call(arrived=arrived, asked=body["messages"][-1]["content"])
        self.server.calls.append(call)
        self.close_connection = True
        try:
            self._answer(call)
        except OSError:
            call.left = time.monotonic()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002, ARG002 - the name is the standard library's
        return

    def _answer(self, call: Call) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        first, *rest = draft(call.asked)
        call.first = self._say(first)
        for piece in pieces("".join(rest)):
            sent = self._say(piece)
            call.certain = sent if call.certain is None else call.certain
        while self.server.endless and time.monotonic() - call.arrived < ENDLESS_S:
            self._wait_or_leave()
        self.wfile.write(b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n')
        call.done = time.monotonic()

    def _say(self, text: str) -> float:
        """Send a text piece by piece; return when the last one was sent."""
        sent = time.monotonic()
        for piece in pieces(text):
            event = {"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]}
            self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
            sent = time.monotonic()
            time.sleep(self.server.pace_s)
        return sent

    def _wait_or_leave(self) -> None:
        """Wait a moment; raise `OSError` where the reader has hung up."""
        self.connection.settimeout(0.05)
        try:
            if self.connection.recv(1) == b"":
                raise ConnectionResetError
        except TimeoutError:
            pass


def pieces(text: str) -> Iterator[str]:
    """Yield a text in pieces of two characters."""
    for start in range(0, len(text), PIECE):
        yield text[start : start + PIECE]


def draft(prompt: str) -> list[str]:
    """Return sentences of the first passage in a prompt, each with its mark; a refusal where there is none."""
    found = FIRST_PASSAGE.search(prompt)
    text = "" if found is None else found[2]
    rows = [text[span.start : span.end] for span in sentence_spans(text)]
    said = [f"{row}[1]" for row in rows if len(row) >= SHORTEST and "\n" not in row][:SENTENCES]
    return said or ["REFUSE: weak_evidence"]


@contextmanager
def scripted_model(*, pace_s: float, endless: bool = False) -> Iterator[ScriptedModel]:
    """Serve in a thread until the block ends."""
    server = ScriptedModel(pace_s=pace_s, endless=endless)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running `huwen serve`."""

    port: int
    pid: int


@contextmanager
def serving(index: Path, model: ScriptedModel) -> Iterator[Served]:
    """Run `huwen serve` in a process of its own, its answers written by the scripted model."""
    command = [sys.executable, "-c", "from api.cli.main import main; main()", "serve", "--port", "0", "--grace", "1"]
    environment = os.environ | {"HUWEN_LLM": "openai:any", "HUWEN_LLM_BASE_URL": model.url, "HUWEN_INDEX": str(index)}
    with (
        tempfile.NamedTemporaryFile() as said,
        subprocess.Popen(command, cwd=ROOT, env=environment, stderr=said.fileno()) as process,
    ):
        try:
            yield Served(port=_port(Path(said.name)), pid=process.pid)
        finally:
            process.terminate()


def _port(said: Path) -> int:
    """Return the port that a starting server names in what it says."""
    ends = time.monotonic() + START_S
    while time.monotonic() < ends:
        found = re.search(r"http://127\.0\.0\.1:(\d+)", said.read_text("utf-8"))
        if found is not None:
            return int(found[1])
        time.sleep(0.05)
    raise RuntimeError(f"`huwen serve` did not start: {said.read_text('utf-8')}")


def posted(port: int, path: str, body: object) -> http.client.HTTPConnection:
    """Return a connection on which a request was sent."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    return connection
