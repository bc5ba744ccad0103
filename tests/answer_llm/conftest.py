"""Scripted OpenAI-compatible servers on loopback, and passages to answer from."""

from __future__ import annotations

import json
import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from rag.types import Passage, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rag.types import Answer

    Script = Callable[["Upstream"], None]
    Serve = Callable[..., "Server"]


class Upstream(BaseHTTPRequestHandler):
    """One request; a script answers it with the methods below."""

    protocol_version = "HTTP/1.0"
    server: ScriptedServer

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length))
        seen = self.server.seen
        seen.requests.append(body)
        seen.headers.append({name.lower(): value for name, value in self.headers.items()})
        script = self.server.scripts[min(len(seen.requests), len(self.server.scripts)) - 1]
        try:
            script(self)
        except OSError:
            seen.hung_up.set()

    def do_CONNECT(self) -> None:
        self.server.seen.headers.append({name.lower(): value for name, value in self.headers.items()})
        self.send_error(502)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
        return

    def head(self, status: int = 200, *, kind: str = "text/event-stream", **more: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.flush()

    def send(self, raw: str) -> None:
        self.wfile.write(raw.encode())
        self.wfile.flush()

    def event(self, payload: object) -> None:
        self.send(f"data: {json.dumps(payload, ensure_ascii=False)}\n\n")

    def text(self, *pieces: str) -> None:
        for piece in pieces:
            self.event({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})

    def stop(self, reason: str = "stop") -> None:
        self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
        self.send("data: [DONE]\n\n")

    def fail(self, status: int, message: str, **more: str) -> None:
        self.head(status, kind="application/json", **more)
        self.send(json.dumps({"error": {"message": message, "type": "x", "param": None, "code": None}}))


@dataclass
class Seen:
    """What a server was sent."""

    requests: list[dict[str, object]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)


class ScriptedServer(ThreadingHTTPServer):
    """Answers request n with script n, further ones with the last."""

    daemon_threads = True

    def __init__(self, scripts: tuple[Script, ...]) -> None:
        super().__init__(("127.0.0.1", 0), Upstream)
        self.scripts = scripts
        self.seen = Seen()


@dataclass(frozen=True)
class Server:
    """A running scripted server."""

    url: str
    seen: Seen


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server that answers with the given scripts in turn."""
    with ExitStack() as stack:

        def start(*scripts: Script) -> Server:
            server = ScriptedServer(scripts)
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
            return Server(url=f"http://127.0.0.1:{server.server_address[1]}/v1", seen=server.seen)

        yield start


TEXTS = (
    ("2023年，上海工业战略性新兴产业总产值占规上工业总产值的比重为43.9%。研发投入强度约4.4%。", date(2024, 3, 5)),
    ("2025年前三季度，全市生产总值为40721.17亿元，同比增长5.5%。", date(2025, 11, 5)),
    ("前三季度，上述比重升到44.1%。", date(2025, 11, 4)),
)


@pytest.fixture
def passages() -> tuple[Passage, ...]:
    """Three passages; each begins 100 characters into its article."""
    return tuple(
        Passage(
            rank=number,
            chunk_id=f"p{number}@100",
            article_id=f"p{number}",
            page_id=f"p{number}",
            score=1.0 / number,
            title=f"标题{number}",
            header=f"标题{number}",
            text=text,
            start=100,
            lang="zh",
            source="沪上产业观察",
            published=day,
        )
        for number, (text, day) in enumerate(TEXTS, 1)
    )


@pytest.fixture
def question() -> Question:
    """A question that the first passage answers."""
    return Question(text="2023年战略性新兴产业占比是多少？", lang="zh", as_of=date(2025, 11, 11))


class NoFallback:
    """An answerer that must not be asked."""

    name = "none"

    def answer(self, question: Question, passages: Sequence[Passage], *, emit: Callable[[str], None]) -> Answer:
        raise AssertionError("the fallback was asked")


@pytest.fixture
def no_fallback() -> NoFallback:
    """An answerer that fails the test when it is asked."""
    return NoFallback()
