"""Shows how far a sync is, on stderr: a bar on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from api.cli.messages import words
from api.cli.printing import note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rag.ingest.sync import SyncProgress

    Show = Callable[[SyncProgress], None]

SECONDS_BETWEEN_LINES = 5.0


@contextmanager
def show_progress(*, quiet: bool) -> Iterator[Show]:
    """Yield what to call with each step; when `quiet`, only what the index mended by itself is told."""
    if quiet:
        yield _tell_notes
    elif sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield _lines()


def _tell_notes(step: SyncProgress) -> None:
    for text in step.notes:
        note(text)


@contextmanager
def _bar() -> Iterator[Show]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    rate = TextColumn("{task.fields[rate]:.0f}/s")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None, rate=0.0)

        def show(step: SyncProgress) -> None:
            _tell_notes(step)
            progress.update(
                task, completed=step.files, total=step.total or None, description=step.stage, rate=step.rate
            )

        yield show


def _lines() -> Show:
    last = time.monotonic()

    def show(step: SyncProgress) -> None:
        nonlocal last
        _tell_notes(step)
        now = time.monotonic()
        if now - last >= SECONDS_BETWEEN_LINES:
            last = now
            note(words(os.environ).syncing.format(files=step.files, total=step.total, chunks=step.chunks))

    return show
