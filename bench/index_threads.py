"""Sixteen threads search while another process syncs: errors, wrong ids, and how long a search takes.

usage: index_threads.py [--seconds 60] [--threads 16]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from index_pages import put, vectors

from rag.index.layout import Layout
from rag.index.lease import current_manifest
from rag.index.open import Index, open_index
from rag.types import Filters

PAGES = 200


def text_of(page: int, version: int) -> str:
    """Return a page's text: each line tells its page and version, so that a wrong one is seen."""
    return f"page{page} version{version} common\nline page{page} version{version} common"


class Current:
    """The newest revision, opened once for all threads; each search keeps the one that it began with."""

    def __init__(self, path: Path) -> None:
        self._layout = Layout(path)
        self._lock = threading.Lock()
        self._index = open_index(path)
        self._users: dict[int, int] = {}
        self.moves = 0

    def take(self) -> Index:
        """Return the newest revision, to be given back."""
        with self._lock:
            if current_manifest(self._layout).revision != self._index.revision:
                old, self._index = self._index, open_index(self._layout.folder)
                self.moves += 1
                if not self._users.get(id(old)):
                    old.close()
            self._users[id(self._index)] = self._users.get(id(self._index), 0) + 1
            return self._index

    def give_back(self, index: Index) -> None:
        """Close a revision that nobody uses and that is not the newest."""
        with self._lock:
            self._users[id(index)] -= 1
            if not self._users[id(index)] and index is not self._index:
                del self._users[id(index)]
                index.close()


def search_for(current: Current, until: float, seed: int, errors: list[str], times: list[float]) -> None:
    """Search with both arms and check that every hit is what its own text says."""
    number = seed
    while time.monotonic() < until:
        number = (number * 31 + 7) % PAGES
        index = current.take()
        started = time.perf_counter()
        try:
            dense = index.search_dense(vectors([f"q{number}"])[0], k=20, filters=Filters())
            lexical = index.search_lexical([f"page{number}", "common"], k=20, filters=Filters())
            chunks = index.chunks([hit.chunk_id for hit in [*dense, *lexical[:1]]])
            errors += [f"wrong id {row.chunk_id}: {row.text}" for row in chunks if f"{row.article_id} " not in row.text]
            if not lexical or not lexical[0].chunk_id.startswith(f"page{number}@"):
                errors.append(f"page{number} was not found first")
        except Exception as error:  # noqa: BLE001 - each one is the result
            errors.append(f"{type(error).__name__}: {error}")
        times.append(time.perf_counter() - started)
        current.give_back(index)


def write_for(path: Path, seconds: float) -> None:
    """Replace and remove pages, one revision after another."""
    until, version = time.monotonic() + seconds, 1
    while time.monotonic() < until:
        version += 1
        put(path, {f"page{n}": text_of(n, version) for n in range(version % 10, PAGES, 10)})
        put(path, {f"extra{version}": f"extra{version} of no importance"}, remove=[f"extra{version - 1}"])
    print(version)


def quantile(times: list[float], share: float) -> float:
    """Return a quantile in milliseconds."""
    return 1000 * sorted(times)[min(len(times) - 1, int(share * len(times)))]


def measure(path: Path, seconds: float, threads: int) -> tuple[list[str], list[float], int]:
    """Search from many threads for some seconds; return errors, times, and how often the revision moved."""
    current = Current(path)
    errors: list[str] = []
    times: list[float] = []
    until = time.monotonic() + seconds
    workers = [
        threading.Thread(target=search_for, args=(current, until, seed, errors, times)) for seed in range(threads)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return errors, times, current.moves


def main() -> int:
    """Measure idle, then with a writer; return 1 on any error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--write", type=Path, help="write to this index instead of searching")
    options = parser.parse_args()
    if options.write is not None:
        write_for(options.write, options.seconds)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index"
        put(path, {f"page{n}": text_of(n, 1) for n in range(PAGES)})
        _, idle, _ = measure(path, min(5.0, options.seconds), options.threads)
        command = [sys.executable, __file__, "--write", str(path), "--seconds", str(options.seconds)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            errors, busy, moves = measure(path, options.seconds, options.threads)
            versions = writer.communicate()[0].strip()
        for error in sorted(set(errors))[:10]:
            print(error)
    print(f"{options.threads} threads, {options.seconds:.0f} s: {len(busy)} searches, {len(errors)} errors,", end=" ")
    print(f"{2 * (int(versions) - 1)} revisions written, {moves} moves to a newer one")
    for name, times in (("idle", idle), ("while writing", busy)):
        print(f"{name}: median {1000 * statistics.median(times):.1f} ms, p99 {quantile(times, 0.99):.1f} ms")
    return 1 if errors or writer.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
