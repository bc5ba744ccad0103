"""Whether nothing is left running for readers who leave: `python bench/leavers.py [--clients N]`.

`huwen serve` asks a scripted model on loopback that never comes to its end. Clients of both doors, streamed and not, eight at
a time, hang up at a random moment: while their question is searched, before the model's first word, in mid-answer. Printed
are the seconds until the model sees its own reader gone, and the threads and sockets of the server before and after.
Exits 1 where a call lived on for more than 2 s, or where threads or sockets stay.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import re
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from loopback import DOCUMENTS, QUESTIONS, Served, posted, scripted_model, serving

from rag.assembly import sync_index
from rag.config import Settings

CLIENTS, AT_ONCE = 80, 8
SEED, LONGEST_STAY_S = 20251111, 3.0
LIMIT_S = 2.0
# The server keeps this many threads for answers, all of which are there after as many questions.
ANSWERED_AT_ONCE, WARM_UP_S = 16, 0.1
# A question carries its client's number, by which its call is known again.
NUMBER = re.compile(r"#(\d+)#")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Threads and sockets of a process."""

    threads: int
    sockets: int


def main(clients: int) -> int:
    """Let clients come and leave, and print what is left of them."""
    draw = random.Random(SEED)  # noqa: S311 - moments, not secrets
    stays = [draw.uniform(0.0, LONGEST_STAY_S) for _ in range(clients)]
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        sync_index(Settings(index=index), [DOCUMENTS], progress=lambda _: None)
        with scripted_model(pace_s=0.01, endless=True) as model, serving(index, model) as served:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                list(pool.map(lambda number: visit(served, number, WARM_UP_S), range(2 * ANSWERED_AT_ONCE)))
                before = settled(served)
                model.calls.clear()
                left = list(pool.map(lambda number: visit(served, number, stays[number]), range(clients)))
            after, calls = settled(served), list(model.calls)
    stayed = [call for call in calls if call.left is None]
    # A call may begin after its client has left, with the end of the search; it is then to end at once.
    late = sorted(call.left - max(call.arrived, left[client_of(call.asked)]) for call in calls if call.left is not None)
    print(
        f"{clients} clients left; {len(calls)} calls had reached the model, or reached it still; {len(stayed)} live on"
    )
    print(
        f"from leaving, or the later begin, to the end of the call: median {statistics.median(late):.2f} s, "
        f"most {late[-1]:.2f} s (limit {LIMIT_S:.0f})"
    )
    print(f"threads {before.threads} -> {after.threads}, sockets {before.sockets} -> {after.sockets}")
    grown = after.threads > before.threads or after.sockets > before.sockets
    return int(bool(stayed) or late[-1] > LIMIT_S or grown)


def visit(served: Served, number: int, stay_s: float) -> float:
    """Ask, wait, hang up; return when."""
    question = f"{QUESTIONS[number % len(QUESTIONS)]}#{number}#"
    stream = {"stream": number % 4 < 2}
    if number % 8 < 4:
        connection = posted(served.port, "/api/ask", {"question": question} | stream)
    else:
        messages = [{"role": "user", "content": question}]
        connection = posted(served.port, "/v1/chat/completions", {"messages": messages} | stream)
    time.sleep(stay_s)
    assert connection.sock is not None
    left = time.monotonic()
    connection.sock.close()
    connection.close()
    return left


def client_of(asked: str) -> int:
    """Return the number of the client whose question stands in a prompt."""
    return int(NUMBER.findall(asked)[-1])


def settled(served: Served) -> Held:
    """Return what the server holds once that has not changed for a while; a search that runs on is waited for."""
    last, since = held(served), time.monotonic()
    while time.monotonic() - since < LIMIT_S:
        time.sleep(0.1)
        now = held(served)
        last, since = now, since if now == last else time.monotonic()
    return last


def held(served: Served) -> Held:
    """Return the threads and sockets of the server's process."""
    process = Path("/proc") / str(served.pid)
    sockets = 0
    for one in (process / "fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed while it was looked at
            sockets += str(one.readlink()).startswith("socket:")
    return Held(threads=len(list((process / "task").iterdir())), sockets=sockets)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    sys.exit(main(parser.parse_args().clients))
