"""The nights so far: an append-only list of runs, and which of them was accepted last."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from eval.records import read_object, read_run, write_object
from rag.errors import HarnessError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from eval.records import Run
    from rag.contract import Json

HISTORY, ACCEPTED, LOCK = "history.jsonl", "accepted.json", ".lock"


@contextmanager
def only_one(out: Path) -> Iterator[None]:
    """Hold the folder of runs for one night at a time. Raises `HarnessError` where another holds it."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise HarnessError(
                f"another evaluation is running in `{out}`; wait for it, or give another --out"
            ) from error
        yield


def append_history(out: Path, run: Run, *, passed: bool) -> None:
    """Add one night. Lines are never changed."""
    row: dict[str, Json] = {
        "run": run.folder.name,
        "passed": passed,
        **{name: run.manifest.get(name) for name in ("started", "commit", "dirty", "llm", "as_of")},
        **{name: run.summary.get(name) for name in ("dataset", "n", "failed", "metrics", "intervals")},
    }
    with (out / HISTORY).open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_history(out: Path) -> list[Mapping[str, Json]]:
    """Return the nights in order, oldest first; a line cut short by a kill is left out."""
    path = out / HISTORY
    rows = []
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        try:
            rows.append(json.loads(line))
        except ValueError:
            continue
    return rows


def accept(out: Path, run: Path) -> None:
    """Make a run the one that later runs are compared with."""
    write_object(out / ACCEPTED, {"run": run.name})


def last_accepted(out: Path) -> Run | None:
    """Return the run accepted last; `None` before the first. Raises `HarnessError` where it is gone."""
    path = out / ACCEPTED
    return read_run(out / str(read_object(path)["run"])) if path.exists() else None
