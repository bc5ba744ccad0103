"""Load on `huwen serve`, beside a bare FastAPI echo in the same run: requests a second, latencies, what is shed and how fast.

usage: python -m bench.http_load INDEX [--seconds 10] [--workers 2] [--questions FILE]

The clients are one process of its own, so that server and clients share the processors as they would on one machine. First
one client alone (idle), then rising numbers of clients that ask as fast as they are answered, then ten times the requests a
second that the best of them reached, sent without waiting for answers (the overload): at first, while it may be a burst, and later.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = (1, 2, 4, 8)
OVERLOAD = 10
# What one process of clients can have under way at once.
MOST_OPEN = 400


@dataclass(slots=True)
class Tally:
    """Seconds by status; 0 is a connection that failed."""

    seconds: dict[int, list[float]] = field(default_factory=dict)
    wall: float = 0.0

    def add(self, status: int, seconds: float) -> None:
        """Count one request."""
        self.seconds.setdefault(status, []).append(seconds)

    def line(self) -> str:
        """Return rate and latencies of each status."""
        rows = []
        for status, found in sorted(self.seconds.items()):
            rows.append(
                f"{status}: {len(found) / self.wall:.1f}/s p50 {1000 * at(found, 0.5):.0f} "
                f"p95 {1000 * at(found, 0.95):.0f} p99 {1000 * at(found, 0.99):.0f} ms"
            )
        return "; ".join(rows)


def at(values: list[float], share: float) -> float:
    """Return the value that a share of all does not pass."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


async def one(port: int, request: bytes, tally: Tally) -> None:
    """Send one request on a connection of its own, and read the whole response."""
    started, status = time.perf_counter(), 0
    with suppress(OSError, ValueError, asyncio.IncompleteReadError):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            status = await exchanged(reader, writer, request)
        finally:
            writer.close()
    tally.add(status, time.perf_counter() - started)


async def exchanged(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> int:
    """Send a request and read its response; return the status."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    await reader.readexactly(int(length[1]) if length else 0)
    return int(head.split(b" ", 2)[1])


async def closed_loop(port: int, requests: list[bytes], *, clients: int, seconds: float) -> Tally:
    """Let clients ask one after the other, each on one connection, as fast as they are answered."""
    tally, end = Tally(), time.perf_counter() + seconds

    async def client(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        turn = number * 17
        while time.perf_counter() < end:
            started = time.perf_counter()
            status = await exchanged(reader, writer, requests[turn % len(requests)])
            tally.add(status, time.perf_counter() - started)
            turn += 1
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(client(number) for number in range(clients)))
    tally.wall = time.perf_counter() - started
    return tally


async def open_loop(port: int, requests: list[bytes], *, rate: float, seconds: float) -> Tally:
    """Send so many requests a second, whether or not they are answered."""
    tally, running, started = Tally(), set(), time.perf_counter()
    for number in range(int(rate * seconds)):
        pause = started + number / rate - time.perf_counter()
        if pause > 0:
            await asyncio.sleep(pause)
        if len(running) < MOST_OPEN:
            task = asyncio.create_task(one(port, requests[number % len(requests)], tally))
            running.add(task)
            task.add_done_callback(running.discard)
        else:
            await asyncio.sleep(0)
    await asyncio.gather(*running)
    tally.wall = time.perf_counter() - started
    return tally


def posted(path: str, body: dict[str, object]) -> bytes:
    """Return the bytes of a request."""
    data = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    return head.encode() + data


@contextmanager
def served(arguments: list[str]) -> Iterator[int]:
    """Run `huwen serve` until the block ends; yields the port."""
    with served_process(arguments) as (port, _):
        yield port


@contextmanager
def served_process(arguments: list[str]) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Run `huwen serve` until the block ends; yields the port and the process."""
    program = [sys.executable, "-c", "from api.cli.main import main; main()"]
    with subprocess.Popen(
        [*program, "serve", "--port", "0", "--json", *arguments], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = json.loads("".join(iter(process.stdout.readline, "}\n")) + "}")["url"]
        try:
            yield int(url.rstrip("/").rpartition(":")[2]), process
        finally:
            process.terminate()
            process.wait(60)


@contextmanager
def echoing() -> Iterator[int]:
    """Run a bare FastAPI echo in a process of its own; yields the port."""
    program = (
        "import sys, uvicorn, fastapi\n"
        "app = fastapi.FastAPI()\n"
        "@app.post('/api/ask')\n"
        "async def echo(body: dict) -> dict: return body\n"
        "uvicorn.run(app, port=int(sys.argv[1]), log_level='warning', access_log=False)\n"
    )
    port = 18_765 + os.getpid() % 1000
    with subprocess.Popen([sys.executable, "-c", program, str(port)]) as process:
        try:
            wait_for(port)
            yield port
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    for _ in range(200):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise SystemExit("the echo did not start")


def questions(file: Path) -> list[str]:
    """Return the questions of a set that are not kept for reports."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return [row["question"] for row in rows if row.get("split") != "test"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--questions", type=Path, default=ROOT / "eval" / "qa" / "corpus.jsonl")
    given = parser.parse_args()
    requests = [posted("/api/ask", {"question": question}) for question in questions(given.questions)]
    print(f"{len(requests)} questions, {given.workers} workers, load of the machine {os.getloadavg()[0]:.1f}")
    with echoing() as port:
        echo = asyncio.run(closed_loop(port, requests, clients=4, seconds=given.seconds))
        print(f"echo, 4 clients     {echo.line()}")
    with served(["--index", str(given.index), "--workers", str(given.workers)]) as port:
        asyncio.run(closed_loop(port, requests, clients=4, seconds=3))
        best = 0.0
        for clients in CLIENTS:
            tally = asyncio.run(closed_loop(port, requests, clients=clients, seconds=given.seconds))
            print(f"huwen, {clients} clients    {tally.line()}")
            best = max(best, len(tally.seconds.get(200, [])) / tally.wall)
        for when in ("at first", "later"):
            tally = asyncio.run(open_loop(port, requests, rate=OVERLOAD * best, seconds=given.seconds))
            print(f"huwen, {OVERLOAD * best:.0f}/s sent, {when}  {tally.line()}")
    ratio = len(echo.seconds[200]) / echo.wall / best
    print(f"best {best:.1f} answers/s; the echo makes {ratio:.1f} times as many")


if __name__ == "__main__":
    main()
