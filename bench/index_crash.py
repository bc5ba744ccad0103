"""Kills a writer at random moments of sync, remove, repair and import, and checks what the next reader sees.

usage: index_crash.py [--trials 1000] [--seed 1] [--longest 0.25]
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from index_pages import contents, put

from rag.errors import IndexDamagedError
from rag.index.portable import export_index, import_index
from rag.index.remove import remove_articles
from rag.index.repair import repair_index
from rag.index.verify import verify_index

PAGES = 40
KINDS = ("put", "put", "remove", "repair", "import")


def first_pages() -> dict[str, str]:
    """Return the pages of the first revision, and of the backup."""
    return {f"p{n}": f"text {n} one\ntext {n} two" for n in range(PAGES)}


def kind_of(step: int) -> str:
    """Return what a step does."""
    return KINDS[step % len(KINDS)]


def changed(state: dict[str, str], step: int) -> dict[str, str]:
    """Return the state after one step: what the index must hold then."""
    kind, state = kind_of(step), dict(state)
    if kind == "put":
        state |= {f"p{step * 3 % PAGES}": f"step {step}\nmore {step}", f"q{step % 7}": f"new {step}"}
    elif kind == "remove":
        state.pop(victim(state, step))
    elif kind == "import":
        state = first_pages()
    return state


def victim(state: dict[str, str], step: int) -> str:
    """Return the page that a step removes."""
    names = sorted(state)
    return names[step % len(names)]


def run_step(index: Path, backup: Path, state: dict[str, str], step: int) -> None:
    """Take the index from `state`, or from half-way, to the state after the step."""
    kind, after = kind_of(step), changed(state, step)
    if kind == "put":
        put(index, {name: text for name, text in after.items() if state.get(name) != text})
    elif kind == "remove" and victim(state, step) in contents(index):
        remove_articles(index, [victim(state, step)])
    elif kind == "import":
        import_index(index, backup)
    elif kind == "repair":
        if not verify_index(index):
            damage(index, step)
        repair_index(index)


def damage(index: Path, step: int) -> None:
    """Flip a bit in one of the derived parts."""
    parts = sorted(path for folder in ("vectors", "lexical") for path in (index / folder).rglob("*") if path.is_file())
    path = parts[step % len(parts)]
    data = bytearray(path.read_bytes())
    if data:
        data[step * 7919 % len(data)] ^= 4
        # A part is never written in place, and a link must not damage an older part too.
        path.unlink()
        path.write_bytes(data)


def child(index: Path, backup: Path, state: dict[str, str], step: int, log: Path) -> None:
    """Run one step after another and note each that is done."""
    while True:
        run_step(index, backup, state, step)
        state, step = changed(state, step), step + 1
        with log.open("a") as file:
            file.write(f"{step}\n")


def main() -> int:
    """Kill, look, run again; return 1 for a state that is neither."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=0.25, help="seconds that a writer lives at most")
    options = parser.parse_args()
    draw = random.Random(options.seed)  # noqa: S311
    outcomes: Counter[str] = Counter()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        index, backup, log = Path(folder) / "index", Path(folder) / "backup", Path(folder) / "log"
        put(index, first_pages())
        export_index(index, backup)
        state, step = first_pages(), 1
        for trial in range(options.trials):
            log.write_text("")
            process = os.fork()
            if process == 0:
                try:
                    child(index, backup, state, step, log)
                finally:
                    os._exit(9)
            time.sleep(draw.uniform(0.0, options.longest))
            os.kill(process, signal.SIGKILL)
            _, status = os.waitpid(process, 0)
            if not os.WIFSIGNALED(status):
                print(f"trial {trial}: the writer failed by itself at step {step}")
                return 1
            while step < max((int(line) for line in log.read_text().split()), default=step):
                state, step = changed(state, step), step + 1
            outcome = check(index, state, step)
            outcomes[f"{kind_of(step)}: {outcome}"] += 1
            if outcome == "TORN":
                print(f"trial {trial}: torn at step {step}")
                return 1
            # The command that died is run again, as its user would.
            run_step(index, backup, state, step)
            state, step = changed(state, step), step + 1
            assert contents(index) == state, f"trial {trial}: running step {step - 1} again did not finish it"
    for name, count in sorted(outcomes.items()):
        print(f"{count:5d}  killed in {name}")
    print(f"{options.trials} kills, 0 torn states, {time.monotonic() - started:.0f} s")
    return 0


def check(index: Path, state: dict[str, str], step: int) -> str:
    """Say what a new reader finds: the state before the step, after it, or something else."""
    try:
        found, problems = contents(index), verify_index(index)
    except IndexDamagedError:
        # The step itself damaged a part before it repaired it.
        return "damaged, as made" if kind_of(step) == "repair" else "TORN"
    if problems and kind_of(step) != "repair":
        print(problems)
        return "TORN"
    if found == state:
        return "the revision before"
    return "the revision after" if found == changed(state, step) else "TORN"


if __name__ == "__main__":
    sys.exit(main())
