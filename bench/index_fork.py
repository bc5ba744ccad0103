"""Searches, then starts processes by fork and by spawn that search too: how often one hangs or fails.

usage: index_fork.py [--runs 100]
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import threading
import time
from pathlib import Path

from index_pages import contents, put, vectors

from rag.index.open import Index, open_index
from rag.types import Filters

DEADLINE = 10.0


def search(index: Index) -> None:
    """Use both arms and the store."""
    hits = index.search_dense(vectors(["q"])[0], k=50, filters=Filters())
    found = index.search_lexical(["text"], k=50, filters=Filters())
    index.chunks([hit.chunk_id for hit in [*hits, *found]])


def search_anew(path: str) -> None:
    """Open the index in this process and read all of it."""
    contents(Path(path))


def main() -> int:
    """Start the processes one by one; return 1 where one did not end well in time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100)
    options = parser.parse_args()
    bad, longest, started = 0, 0.0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index"
        put(path, {f"p{n}": f"text {n} one\ntext {n} two" for n in range(500)})
        with open_index(path) as index:
            search(index)
            # A server searches from threads, each of which has its own OpenMP settings.
            thread = threading.Thread(target=search, args=(index,))
            thread.start()
            thread.join()
            for run in range(options.runs):
                # A forked child goes on with the index that its parent opened; a spawned one opens its own.
                fork = multiprocessing.get_context("fork").Process(target=search, args=(index,))
                spawn = multiprocessing.get_context("spawn").Process(target=search_anew, args=(str(path),))
                for process in (fork, spawn) if run % 10 == 0 else (fork,):
                    begun = time.monotonic()
                    process.start()
                    process.join(DEADLINE)
                    longest = max(longest, time.monotonic() - begun)
                    if process.exitcode != 0:
                        bad += 1
                        process.kill()
                search(index)
    print(f"{options.runs} runs: {bad} hung or failed, longest {longest:.2f} s, {time.monotonic() - started:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
