"""How long commands take from process start to exit, and how much memory: `python bench/cold.py [--against REVISION]`.

Indexes HUWEN_CORPUS where it is set, else the samples, in a temporary folder. A shared machine only ever adds time, so the
best and the median of the runs are printed, and beside them what a bare interpreter and the import of numpy take at the same
moment. With a revision of git its code is timed in turn with this one's, run by run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RUNS = 15
ROOT = Path(__file__).resolve().parent.parent
QUESTION = "前三季度上海GDP是多少？"
HUWEN = [sys.executable, "-c", "from api.cli.main import main; main()"]
# Run in a process of its own: its only child is the command, so that the peak is the command's.
TIMER = (
    "import resource, subprocess, sys, time; t = time.perf_counter(); "
    "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True); "
    "print(time.perf_counter() - t, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
)


def main() -> None:
    """Print one line a command and tree."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--against", metavar="REVISION", help="a revision of git to time beside this tree")
    parser.add_argument("--runs", type=int, default=RUNS)
    arguments = parser.parse_args()
    corpus = os.environ.get("HUWEN_CORPUS") or str(ROOT / "samples" / "articles")
    with tempfile.TemporaryDirectory() as folder, _trees(arguments.against, Path(folder)) as trees:
        indexes = {name: str(Path(folder) / f"index-{name}") for name in trees}
        for name, tree in trees.items():
            _timed([*HUWEN, "index", "sync", corpus, "--index", indexes[name]], tree)
        report("python", {"": [sys.executable, "-c", "pass"]}, {"": ROOT}, arguments.runs)
        report("import numpy", {"": [sys.executable, "-c", "import numpy"]}, {"": ROOT}, arguments.runs)
        report("huwen --help", {name: [*HUWEN, "--help"] for name in trees}, trees, arguments.runs)
        asked = {name: [*HUWEN, "ask", QUESTION, "--index", index] for name, index in indexes.items()}
        report("huwen ask", asked, trees, arguments.runs)
        synced = {name: [*HUWEN, "index", "sync", "--index", index] for name, index in indexes.items()}
        report("huwen index sync, nothing new", synced, trees, arguments.runs)


def report(what: str, commands: dict[str, list[str]], trees: dict[str, Path], runs: int) -> None:
    """Run the commands in turn; print best, median and worst wall time and the peak resident memory of each."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            found[name].append(_timed(command, trees[name]))
    for name, rows in found.items():
        seconds = sorted(row[0] for row in rows)
        print(
            f"{what:30} {name:12} best {seconds[0]:6.3f} s  median {statistics.median(seconds):6.3f} s  "
            f"worst {seconds[-1]:6.3f} s  peak {max(row[1] for row in rows):4.0f} MB"
        )


def _timed(command: Sequence[str], tree: Path) -> tuple[float, float]:
    environment = os.environ | {"PYTHONPATH": str(tree)}
    done = subprocess.run(
        [sys.executable, "-c", TIMER, *command], env=environment, cwd=tree, capture_output=True, text=True, check=True
    )
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak)


@contextmanager
def _trees(against: str | None, folder: Path) -> Iterator[dict[str, Path]]:
    """Yield this tree, and the other revision's beside it, their modules compiled."""
    trees = {"this": ROOT}
    if against is not None:
        trees = {"before": folder / "before", "this": ROOT}
        subprocess.run(
            ["git", "-C", ROOT, "worktree", "add", "--quiet", "--detach", trees["before"], against], check=True
        )
    try:
        for tree in trees.values():
            packages = [tree / name for name in ("rag", "embeddings", "prompts", "api", "eval")]
            subprocess.run([sys.executable, "-m", "compileall", "-q", *packages], check=True)
        yield trees
    finally:
        if against is not None:
            subprocess.run(["git", "-C", ROOT, "worktree", "remove", "--force", trees["before"]], check=True)


if __name__ == "__main__":
    main()
