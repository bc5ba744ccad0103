"""How long `huwen ask` and `huwen --help` take from process start to exit, and how much memory: `python bench/cold_ask.py`.

Indexes HUWEN_CORPUS where it is set, else the samples, in a temporary folder. Prints the best and the median of several
runs, since a shared machine only ever adds time.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 9
ROOT = Path(__file__).resolve().parent.parent
HUWEN = str(Path(sys.executable).with_name("huwen"))
QUESTION = "前三季度上海GDP是多少？"


def main() -> None:
    """Print one line a command."""
    corpus = os.environ.get("HUWEN_CORPUS") or str(ROOT / "samples" / "articles")
    with tempfile.TemporaryDirectory() as folder:
        index = str(Path(folder) / "index")
        report("index sync (first)", [HUWEN, "index", "sync", corpus, "--index", index], runs=1)
        report("index sync (nothing changed)", [HUWEN, "index", "sync", corpus, "--index", index], runs=3)
        report("ask", [HUWEN, "ask", QUESTION, "--index", index], runs=RUNS)
        report("--help", [HUWEN, "--help"], runs=RUNS)


def report(name: str, command: list[str], *, runs: int) -> None:
    """Run a command several times; print best and median wall time, and the peak memory of the largest child so far."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - started)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{name:30} best {min(times):6.3f} s  median {statistics.median(times):6.3f} s  peak so far {peak:4.0f} MB")


if __name__ == "__main__":
    main()
