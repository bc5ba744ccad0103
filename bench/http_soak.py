"""A server for half an hour, a fifth of its readers leaving: memory, descriptors, threads and what is still running afterwards.

usage: python -m bench.http_soak INDEX [--minutes 30] [--rate 5] [--questions FILE]

Two thirds of the requests stream. Who leaves does so at a random moment of the answer. The server runs as a process of its own; its
numbers are read from /proc. The first tenth of the time is warming up, and memory is compared with the end of that.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from contextlib import suppress
from pathlib import Path

from bench.http_load import ROOT, posted, questions, served_process

LEAVING = 0.2
STREAMING = 0.67
LONGEST_STAY_S = 0.15


def measured(pid: int) -> dict[str, int]:
    """Return memory in KiB, open descriptors and threads of a process."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    values = {row.split(":")[0]: row.split(":")[1].split()[0] for row in status if row.startswith(("VmRSS", "Threads"))}
    return {
        "rss_kib": int(values["VmRSS"]),
        "threads": int(values["Threads"]),
        "descriptors": len(list(Path(f"/proc/{pid}/fd").iterdir())),
    }


async def reader(port: int, request: bytes, *, stay_s: float | None) -> str:
    """Ask, and leave after a while where `stay_s` is given; return how it ended."""
    _, writer = pair = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        if stay_s is not None:
            await asyncio.sleep(stay_s)
            return "left"
        head = await pair[0].readuntil(b"\r\n")
        await asyncio.wait_for(pair[0].read(), 60)
        return head.split(b" ")[1].decode()
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def load(port: int, pid: int, asked: list[str], *, seconds: float, rate: float) -> list[dict[str, int]]:
    """Send requests at a rate; print and return what the process holds, ten times."""
    chance = random.Random(1)  # noqa: S311 - the same readers each time
    running: set[asyncio.Task[str]] = set()
    ended: dict[str, int] = {}
    rows: list[dict[str, int]] = []
    started = time.monotonic()
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, started + number / rate - time.monotonic()))
        body = {"question": asked[number % len(asked)], "stream": chance.random() < STREAMING}
        request = posted("/api/ask", body).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)
        stay_s = chance.random() * LONGEST_STAY_S if chance.random() < LEAVING else None
        task = asyncio.create_task(reader(port, request, stay_s=stay_s))
        running.add(task)
        task.add_done_callback(lambda done: (running.discard(done), count(ended, done)))
        if time.monotonic() - started >= (len(rows) + 1) * seconds / 10:
            rows.append(measured(pid))
            print(f"{time.monotonic() - started:.0f} s  {rows[-1]}  {ended}", flush=True)
    await asyncio.gather(*running, return_exceptions=True)
    return rows


def count(ended: dict[str, int], done: asyncio.Task[str]) -> None:
    """Count how a reader ended."""
    kind = "broken" if done.exception() is not None else done.result()
    ended[kind] = ended.get(kind, 0) + 1


def main() -> None:
    """Load, wait until all is quiet, and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=5)
    parser.add_argument("--questions", type=Path, default=ROOT / "eval" / "qa" / "corpus.jsonl")
    given = parser.parse_args()
    with served_process(["--index", str(given.index)]) as (port, process):
        asked = questions(given.questions)
        before = measured(process.pid)
        rows = asyncio.run(load(port, process.pid, asked, seconds=60 * given.minutes, rate=given.rate))
        time.sleep(8)
        after = measured(process.pid)
    growth = after["rss_kib"] / rows[0]["rss_kib"] - 1
    print(json.dumps({"before": before, "warm": rows[0], "after": after, "growth of memory": round(growth, 4)}))


if __name__ == "__main__":
    main()
