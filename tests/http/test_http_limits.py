"""What is too much is refused early, what dawdles is cut, and who comes while all places are taken is told so at once."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from starlette.exceptions import HTTPException

from api.http import connections, guards
from api.http import places as places_module
from api.http.places import FEW, MOST_WAITING, STANDS_AFTER_S, Places
from rag.config import Settings
from tests.http.conftest import running

if TYPE_CHECKING:
    from pathlib import Path

    from tests.http.conftest import Server

ASK, CHAT = "/api/ask", "/v1/chat/completions"
GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


def answer_to(port: int, sent: bytes, *, wait_s: float = 10) -> bytes:
    """What comes back until the server closes the connection; a reset is an end too."""
    with socket.create_connection(("127.0.0.1", port), timeout=wait_s) as connection:
        connection.sendall(sent)
        found = b""
        try:
            while part := connection.recv(65_536):
                found += part
        except ConnectionResetError:
            pass
        return found


def dribble(connection: socket.socket, sent: bytes) -> None:
    for byte in sent:
        connection.sendall(bytes([byte]))
        time.sleep(0.02)


def received(connection: socket.socket) -> int:
    """How many responses come until the connection ends."""
    found = b""
    try:
        while part := connection.recv(65_536):
            found += part
    except ConnectionResetError:
        pass
    return found.count(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (ASK, {"question": "上" * 10_001}),
        ("/api/search", {"question": "上" * 10_001}),
        (CHAT, {"messages": [{"role": "user", "content": "GDP"}] * 65}),
        (ASK, {"question": "GDP", "history": [{"role": "user", "content": "GDP"}] * 65}),
        ("/api/search", {"question": "GDP", "top_k": 101}),
        ("/api/wrong", {"question": "GDP", "note": "x" * 2_001}),
    ],
    ids=["question", "search", "messages", "history", "passages", "note"],
)
def test_what_is_longer_than_a_limit_is_refused_by_name(server: Server, path: str, body: dict[str, object]) -> None:
    reply = server.send("POST", path, json.dumps(body).encode())
    assert reply.status in (400, 403, 422)
    assert reply.error["message"]


def test_a_body_that_is_too_large_is_refused_without_being_read(server: Server) -> None:
    head = (
        f"POST {ASK} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {2**31}\r\n\r\n"
    )
    started = time.perf_counter()
    assert answer_to(server.port, head.encode()).startswith(b"HTTP/1.1 413")
    assert time.perf_counter() - started < 1


def test_a_request_whose_head_never_ends_is_cut(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_S", 0.2)
    for sent in (b"", b"GET /healthz HTT", b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "):
        started = time.perf_counter()
        assert answer_to(server.port, sent) == b""
        assert time.perf_counter() - started < 3


def test_a_head_that_comes_a_byte_at_a_time_is_cut_too(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_S", 0.3)
    with (
        socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection,
        pytest.raises((BrokenPipeError, ConnectionResetError)),
    ):
        dribble(connection, b"GET /healthz HTTP/1.1\r\nX-Slow: " + b"x" * 1_000)


def test_the_second_request_of_a_connection_has_its_time_too(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_S", 0.3)
    with socket.create_connection(("127.0.0.1", server.port), timeout=4) as connection:
        connection.sendall(GET)
        read = b""
        while not read.endswith(b"}"):
            read += connection.recv(65_536)
        connection.sendall(b"GET /healthz HTT")
        assert connection.recv(65_536) == b""


def test_a_body_that_never_ends_is_a_408(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "BODY_S", 0.2)
    head = f"POST {ASK} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
    assert answer_to(server.port, head.encode()).startswith(b"HTTP/1.1 408")


def test_a_client_that_reads_nothing_is_cut(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "UNREAD_S", 0.3)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.connect(("127.0.0.1", server.port))
        connection.settimeout(10)
        # Together far more than the system keeps for a client that does not read.
        connection.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 1_000)
        time.sleep(2)
        assert received(connection) < 1_000


def test_more_connections_than_are_kept_are_told_to_come_again(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 5)
    held = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(6)]
    try:
        time.sleep(0.2)
        found = answer_to(server.port, b"")
        assert found.startswith(b"HTTP/1.1 503")
        assert b"retry-after: 1" in found
        assert json.loads(found.partition(b"\r\n\r\n")[2])["error"]["type"] == "server_error"
    finally:
        for connection in held:
            connection.close()


def test_a_burst_is_answered_and_nobody_is_sent_away(server: Server) -> None:
    with ThreadPoolExecutor(12) as threads:
        replies = list(threads.map(lambda _: server.post(ASK, {"question": "上海GDP"}), range(12)))
    assert {reply.status for reply in replies} == {200}


def test_who_comes_to_a_full_queue_is_sent_away_unread_and_health_is_answered(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Places, "is_full", property(lambda _: True))
    started = time.perf_counter()
    reply = server.send("POST", ASK, b"x" * 1_000_000)
    assert time.perf_counter() - started < 1
    assert (reply.status, reply.headers["retry-after"]) == (503, "1")
    assert "too many" in str(reply.error["message"])
    assert server.get("/readyz").status == 200


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_places_are_given_in_order_while_no_queue_stands() -> None:
    async def run() -> list[int]:
        places, order = Places(1), []
        await places.take()

        async def come(number: int) -> None:
            await places.take()
            order.append(number)
            places.leave()

        tasks = [asyncio.create_task(come(number)) for number in range(5)]
        await asyncio.sleep(0)
        places.leave()
        await asyncio.gather(*tasks)
        return order

    assert asyncio.run(run()) == [0, 1, 2, 3, 4]


def test_a_place_given_in_the_very_turn_in_which_the_waiting_ends_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        # As `asyncio.wait_for` is from Python 3.12 on: the time is up although the place was given.
        async def late(place: asyncio.Future[None], _patience: float) -> None:
            await place
            raise TimeoutError

        places = Places(1)
        await places.take()
        monkeypatch.setattr(asyncio, "wait_for", late)
        waiting = asyncio.create_task(places.take())
        await asyncio.sleep(0)
        places.leave()
        with pytest.raises(HTTPException):
            await waiting
        monkeypatch.undo()
        await asyncio.wait_for(places.take(), 1)

    asyncio.run(run())


def test_in_a_crowd_that_stands_the_newest_go_first_and_the_oldest_are_sent_away() -> None:
    async def run() -> tuple[list[int], int]:
        clock = Clock()
        places, order = Places(1, clock=clock), []
        await places.take()

        async def come(number: int) -> None:
            await places.take()
            order.append(number)

        old = [asyncio.create_task(come(number)) for number in range(FEW + 4)]
        await asyncio.sleep(0)
        clock.now = STANDS_AFTER_S + 0.5
        new = [asyncio.create_task(come(number)) for number in range(FEW + 4, 2 * FEW + 6)]
        await asyncio.sleep(0)
        places.leave()
        await asyncio.sleep(0.05)
        sent_away = sum(task.done() and task.exception() is not None for task in old)
        for task in (*old, *new):
            task.cancel()
        await asyncio.gather(*old, *new, return_exceptions=True)
        return order, sent_away

    assert asyncio.run(run()) == ([2 * FEW + 5], FEW + 4)


def test_where_others_were_just_sent_away_the_crowd_is_known_at_once() -> None:
    async def run() -> list[float]:
        clock = Clock()
        places = Places(1, clock=clock)
        await places.take()
        tasks = [asyncio.create_task(places.take()) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0)
        clock.now = 0.2
        with pytest.raises(HTTPException):
            await places.take()
        places.leave()
        await asyncio.sleep(0.05)
        sent_away = sum(task.done() and task.exception() is not None for task in tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return [sent_away, FEW]

    assert asyncio.run(run()) == [MOST_WAITING - FEW, FEW]


def test_a_burst_waits_whatever_its_answers_take() -> None:
    async def run() -> int:
        places, answered = Places(1), []

        async def one(number: int) -> None:
            await places.take()
            with places.held():
                await asyncio.sleep(0.002)
                answered.append(number)

        await asyncio.gather(*(one(number) for number in range(MOST_WAITING)))
        return len(answered)

    assert asyncio.run(run()) == MOST_WAITING


def test_waiting_ends_and_so_does_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places_module, "BURST_S", 0.2)

    async def run() -> tuple[float, int]:
        places = Places(1)
        await places.take()
        started = time.perf_counter()
        with pytest.raises(HTTPException) as caught:
            await places.take()
        waited = time.perf_counter() - started
        tasks = [asyncio.create_task(places.take()) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0)
        assert places.is_full
        with pytest.raises(HTTPException):
            await places.take()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert not places.is_full
        return waited, caught.value.status_code

    waited, status = asyncio.run(run())
    assert status == 503
    assert waited < 2


def test_a_place_is_not_lost_when_its_taker_leaves_as_it_is_given() -> None:
    async def run() -> None:
        places = Places(1)
        for _ in range(20):
            await places.take()
            waiting = asyncio.create_task(places.take())
            await asyncio.sleep(0)
            places.leave()
            waiting.cancel()
            try:
                await waiting
                places.leave()
            except asyncio.CancelledError:
                pass
        await asyncio.wait_for(places.take(), 1)

    asyncio.run(run())


def test_no_thread_is_left_when_a_server_ends(sample_index: Path) -> None:
    before = {thread.ident for thread in threading.enumerate()}
    with running(Settings(index=sample_index)) as server:
        server.post(ASK, {"question": "上海GDP"})
    time.sleep(0.2)
    assert not [thread.name for thread in threading.enumerate() if thread.ident not in before]
