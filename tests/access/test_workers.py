"""Several workers on one address and one index: what ends one of them, and what ends all."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag.assembly import sync_index
from rag.config import Settings
from tests.access.conftest import ARTICLES
from tests.access.processes import PROGRAM, started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.access.processes import Running

QUESTION = "望潮区1号码头总投资多少？"


def ask(port: int, question: str = QUESTION) -> int:
    """Ask on a connection of its own; return the status, 0 where the connection broke."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/ask",
        json.dumps({"question": question}).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return int(response.status) if json.load(response)["answer"] else 0
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, ValueError):
        return 0


def children(pid: int) -> list[int]:
    """The workers of a server; the process that tracks what they share is none."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    return [int(child) for child in found if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes()]


def get(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An index that this file's tests may change."""
    folder = tmp_path_factory.mktemp("shared")
    (folder / "articles").mkdir()
    for stem, text in ARTICLES["harbour"].items():
        (folder / "articles" / f"{stem}.md").write_text(text, "utf-8")
    settings = Settings(index=folder / "index")
    sync_index(settings, [folder / "articles"], progress=lambda _: None)
    return settings


@pytest.fixture(scope="module")
def workers(articles: Settings) -> Iterator[Running]:
    """Two workers over that index."""
    with started("--workers", "2", "--index", str(articles.index)) as running:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and ask(running.port) != 200:
            time.sleep(0.1)
        yield running


def test_two_workers_answer_from_one_address(workers: Running) -> None:
    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(lambda _: ask(workers.port), range(12))) == {200}
    assert len(children(workers.process.pid)) == 2


def test_what_is_removed_is_gone_from_every_worker_at_once(workers: Running, articles: Settings) -> None:
    assert get(workers.port, "/api/articles/pier-8") == 200
    subprocess.run(
        [*PROGRAM, "index", "remove", "pier-8", "--index", str(articles.index)], check=True, capture_output=True
    )
    assert [get(workers.port, "/api/articles/pier-8") for _ in range(20)] == [404] * 20


def test_a_worker_that_is_killed_loses_only_its_own_and_is_replaced(workers: Running) -> None:
    before = children(workers.process.pid)
    statuses: list[int] = []
    asking = threading.Thread(target=lambda: statuses.extend(ask(workers.port) for _ in range(30)))
    asking.start()
    time.sleep(0.2)
    os.kill(before[0], signal.SIGKILL)
    asking.join()
    assert statuses.count(200) >= len(statuses) - 2
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and len(set(children(workers.process.pid)) - {before[0]}) < 2:
        time.sleep(0.1)
    assert len(set(children(workers.process.pid)) - {before[0]}) == 2


@pytest.mark.parametrize("workers_count", ["1", "2"])
def test_a_server_that_is_told_to_stop_under_load_finishes_every_answer(articles: Settings, workers_count: str) -> None:
    broken: list[str] = []
    with started("--workers", workers_count, "--index", str(articles.index)) as running:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and ask(running.port) != 200:
            time.sleep(0.1)
        stopping = threading.Event()

        def client() -> None:
            while not stopping.is_set():
                outcome = one(running.port)
                if outcome != "whole" and outcome != "refused connection":
                    broken.append(outcome)

        threads = [threading.Thread(target=client) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(1)
        running.process.send_signal(signal.SIGTERM)
        code = running.process.wait(45)
        stopping.set()
        for thread in threads:
            thread.join()
    assert broken == []
    assert code in (0, -signal.SIGTERM)


def one(port: int) -> str:
    """Ask with a request that the server has read for sure; tell how it ended."""
    body = json.dumps({"question": QUESTION, "stream": True}).encode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", "/api/ask", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
    except (OSError, http.client.HTTPException):
        # It was not taken any more: nothing had begun.
        return "refused connection"
    try:
        text = response.read()
    except (OSError, http.client.HTTPException) as error:
        return f"broken: {error}"
    finally:
        connection.close()
    return "whole" if response.status == 503 or b'{"answer"' in text else f"broken: {response.status}"
