"""How a sync shows that it moves: a bar on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rag.ingest.sync import SyncProgress


@contextmanager
def open_progress(*, quiet: bool) -> Iterator[Callable[[SyncProgress], None]]:
    """Yield what a sync calls with each step; bars go to stderr, so that stdout holds results only."""
    if quiet or not sys.stderr.isatty():
        yield _ignore
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    layout = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*layout, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("scan", total=None)
        yield lambda step: bar.update(task, description=step.stage, completed=step.files, total=step.total or None)


def _ignore(_: SyncProgress) -> None:
    return
