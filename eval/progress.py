"""How a run shows that it moves: a bar with an estimate on a terminal, plain lines elsewhere, always on one stream."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from eval.run import Progress

WIDTH = 24
LINES = 10


@dataclass(slots=True, kw_only=True)
class ProgressLine:
    """Writes progress to a stream. Call it with each step; on a terminal it redraws one line."""

    stream: TextIO
    started: float = field(default_factory=time.monotonic)

    def __call__(self, step: Progress) -> None:
        """Show one step."""
        if self.stream.isatty():
            end = "\n" if step.done == step.total else ""
            self.stream.write(f"\r\x1b[K{_bar(step)} {self._text(step)}{end}")
        elif step.done == step.total or step.done % max(1, step.total // LINES) == 0:
            self.stream.write(self._text(step) + "\n")
        self.stream.flush()

    def _text(self, step: Progress) -> str:
        spent = time.monotonic() - self.started
        left = spent / step.done * (step.total - step.done)
        failed = f", {step.failed} failed" if step.failed else ""
        return f"{step.done}/{step.total} questions{failed}, {spent:.0f} s, {left:.0f} s left"


def _bar(step: Progress) -> str:
    filled = WIDTH * step.done // step.total
    return f"[{'█' * filled}{'·' * (WIDTH - filled)}]"
