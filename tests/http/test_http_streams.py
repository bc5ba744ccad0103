"""Streams that end otherwise than by being whole: readers who leave, models that fail, silence."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
import time
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import openai
import pytest

from api.http import events, places, replies
from api.http.events import EventStream
from rag.config import Settings
from rag.config_values import Secret
from tests.http.conftest import running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from starlette.types import Message

    from tests.http.conftest import Server

GDP = "前三季度上海GDP是多少？"
# The promise is one second; a busy machine gets one more.
LIMIT_S = 2.0


class Endless(BaseHTTPRequestHandler):
    """A model that goes on thinking until nobody listens; one whose key is `bad` is refused."""

    server: EndlessServer

    def do_POST(self) -> None:
        if self.headers["Authorization"] == "Bearer bad":
            self.send_error(401)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.server.began.set()
        data = json.dumps({"choices": [{"index": 0, "delta": {"content": "思"}, "finish_reason": None}]})
        try:
            while True:
                self.wfile.write(f"data: {data}\n\n".encode())
                self.wfile.flush()
                time.sleep(0.02)
        except OSError:
            self.server.left.set()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
        return


class EndlessServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Endless)
        self.began, self.left = threading.Event(), threading.Event()


@pytest.fixture
def upstream() -> Iterator[EndlessServer]:
    with ExitStack() as stack:
        server = EndlessServer()
        stack.callback(server.server_close)
        stack.callback(server.shutdown)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server


@contextmanager
def answered_by(upstream: EndlessServer, index: Path, *, key: str = "good") -> Iterator[Server]:
    url = f"http://127.0.0.1:{upstream.server_address[1]}/v1"
    with running(Settings(index=index, llm="openai:any", llm_base_url=url, llm_api_key=Secret(key))) as server:
        yield server


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": GDP}], "stream": True}),
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": GDP}]}),
        ("/api/ask", {"question": GDP, "stream": True}),
        ("/api/ask", {"question": GDP}),
    ],
)
def test_a_client_that_leaves_ends_the_call_that_was_made_for_it_and_is_no_failure(
    sample_index: Path,
    upstream: EndlessServer,
    path: str,
    body: dict[str, object],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with answered_by(upstream, sample_index) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        assert upstream.began.wait(10)
        left = time.monotonic()
        assert connection.sock is not None
        connection.sock.close()
        connection.close()
        assert upstream.left.wait(10)
        assert time.monotonic() - left < LIMIT_S
        metrics = server.get("/metrics").body.decode()
        assert "huwen_streams_left_total 1" in metrics
        assert 'status="500"' not in metrics
    assert not [row for row in caplog.records if row.name == "huwen.http"]


def test_the_first_bytes_come_before_the_model_has_said_anything(sample_index: Path, upstream: EndlessServer) -> None:
    with answered_by(upstream, sample_index) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        body = json.dumps({"messages": [{"role": "user", "content": GDP}], "stream": True})
        connection.request("POST", "/v1/chat/completions", body, {"Content-Type": "application/json"})
        assert b'"role":"assistant"' in connection.getresponse().readline()
        connection.close()


def test_a_failure_after_the_start_is_an_error_event_and_no_done(sample_index: Path, upstream: EndlessServer) -> None:
    with answered_by(upstream, sample_index, key="bad") as server:
        body = {"messages": [{"role": "user", "content": GDP}], "stream": True}
        reply = server.send("POST", "/v1/chat/completions", json.dumps(body).encode())
        assert reply.status == 200
        assert "[DONE]" not in reply.events
        assert list(json.loads(reply.events[-1])["error"]) == ["message", "type", "param", "code"]
        with (
            openai.OpenAI(base_url=f"{server.url}/v1", api_key="x", max_retries=0) as client,
            pytest.raises(openai.APIError),
        ):
            list(client.chat.completions.create(model="any", messages=[{"role": "user", "content": GDP}], stream=True))


def test_the_same_failure_without_a_stream_is_its_status(sample_index: Path, upstream: EndlessServer) -> None:
    with answered_by(upstream, sample_index, key="bad") as server:
        reply = server.post("/api/ask", {"question": GDP})
        assert reply.status == 500
        assert reply.error["type"] == "server_error"
        assert "bad" not in str(reply.error["message"]).split()


def test_a_server_that_must_stop_ends_what_is_streaming(sample_index: Path, upstream: EndlessServer) -> None:
    with answered_by(upstream, sample_index) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        body = json.dumps({"question": GDP, "stream": True})
        connection.request("POST", "/api/ask", body, {"Content-Type": "application/json"})
        assert upstream.began.wait(10)
    assert upstream.left.wait(10)
    connection.close()


def test_more_questions_than_there_is_room_for_are_turned_away_at_once(
    sample_index: Path, upstream: EndlessServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "AWAITED_AT_ONCE", 1)
    monkeypatch.setattr(places, "MOST_WAITING", 0)
    with answered_by(upstream, sample_index) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        connection.request("POST", "/api/ask", json.dumps({"question": GDP}), {"Content-Type": "application/json"})
        assert upstream.began.wait(10)
        turned_away = server.post("/api/ask", {"question": GDP})
        assert turned_away.status == 503
        assert turned_away.headers["retry-after"] == "1"
        assert turned_away.error["type"] == "server_error"
        assert server.get("/healthz").status == 200
        connection.close()
        assert upstream.left.wait(10)


def sent_by(stream: EventStream) -> list[Message]:
    """What a stream sends to a client that stays."""
    messages: list[Message] = []

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        messages.append(message)

    asyncio.run(stream({"type": "http", "headers": []}, receive, send))
    return messages


def test_an_unexpected_failure_keeps_its_text_to_the_log() -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield b"data: 1\n\n"
        raise ValueError("secret")

    closed: list[bool] = []
    messages = sent_by(EventStream(failing(), close=lambda: closed.append(True)))
    bodies = [message["body"] for message in messages[1:]]
    assert bodies[0] == b"data: 1\n\n"
    assert b'"error"' in bodies[1]
    assert b"secret" not in bodies[1]
    assert bodies[2:] == [b""]
    assert closed == [True]


def test_silence_is_filled_with_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_S", 0.01)

    async def slow() -> AsyncIterator[bytes]:
        await asyncio.sleep(0.1)
        yield b"data: 1\n\n"

    bodies = [message["body"] for message in sent_by(EventStream(slow(), close=lambda: None))[1:]]
    assert bodies[0].startswith(b": ")
    assert bodies[0].endswith(b"\n\n")
    assert [body for body in bodies if not body.startswith(b": ")] == [b"data: 1\n\n", b""]
