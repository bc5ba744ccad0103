"""Runs of print on a page to paragraphs in reading order: across the page, then column by column; knows no PDF.

A column gap is a strip that few runs cross, with running text, not short cells of a table, on both sides. What crosses
it (a headline, a wide picture's caption) parts the page into bands; each band is read column by column.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# A side of a column gap has at least so many runs, of so many character heights on average.
MIN_SIDE = 3
MIN_WIDTH = 6.0
# In character heights; the share of runs that may cross the gap.
MIN_GAP = 0.8
MAX_CROSSING = 0.3
MAX_DEPTH = 6
# In character heights: what is next to each other without a space, on one line, indented, or ends short of the edge.
TOUCHING = 0.25
SAME_LINE = 0.5
INDENT = 0.8
SHORT = 3.0
MAX_LINE_PITCH = 2.2


class Run(NamedTuple):
    """Characters on one line and the box around them; y grows upwards."""

    text: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def height(self) -> float:
        """Height of the box, never 0."""
        return max(self.top - self.bottom, 0.1)

    @property
    def middle(self) -> float:
        """Height of the box's middle above the bottom of the page."""
        return (self.top + self.bottom) / 2

    def joined(self, other: Run) -> Run:
        """Return both as one run."""
        return Run(
            text=self.text + other.text,
            left=min(self.left, other.left),
            right=max(self.right, other.right),
            bottom=min(self.bottom, other.bottom),
            top=max(self.top, other.top),
        )

    def spaced(self) -> Run:
        """Return the run with a space after it."""
        return self if self.text.endswith(" ") else self._replace(text=self.text + " ")


class _Gap(NamedTuple):
    uncrossed: int
    width: float
    middle: float


def reading_order(runs: Sequence[Run]) -> list[str]:
    """Return the paragraphs of one page, in the order in which they are read."""
    return [line for block in _blocks(list(runs), depth=0) for line in _paragraphs(block)]


def _blocks(runs: list[Run], *, depth: int) -> Iterator[list[Run]]:
    """Yield groups of runs, each without columns."""
    gap = _column_gap(runs) if depth < MAX_DEPTH else None
    if gap is None:
        yield runs
        return
    crossing = sorted((run for run in runs if run.left < gap < run.right), key=lambda run: -run.middle)
    rest = sorted((run for run in runs if not run.left < gap < run.right), key=lambda run: -run.middle)
    for band in _bands(rest, crossing):
        if band[0].left < gap < band[0].right:
            yield band
            continue
        for side in ([run for run in band if run.right <= gap], [run for run in band if run.left >= gap]):
            yield from _blocks(side, depth=depth + 1)


def _bands(rest: Sequence[Run], crossing: Sequence[Run]) -> Iterator[list[Run]]:
    """Yield bands from the top: runs that cross the gap and follow each other, or runs on its sides, in turn."""
    at = 0
    waiting: list[Run] = []
    for run in crossing:
        band: list[Run] = []
        while at < len(rest) and rest[at].middle > run.middle:
            band.append(rest[at])
            at += 1
        if band:
            if waiting:
                yield waiting
            waiting = []
            yield band
        waiting.append(run)
    if waiting:
        yield waiting
    if at < len(rest):
        yield list(rest[at:])


def _column_gap(runs: Sequence[Run]) -> float | None:
    """Return the middle of the column gap that fewest runs cross, the widest of those; `None` where there is none."""
    if len(runs) < 2 * MIN_SIDE:
        return None
    height = median(run.height for run in runs)
    edges = sorted({round(run.right, 1) for run in runs})
    best: _Gap | None = None
    for edge in _thinned(edges, step=height):
        found = _gap_after(runs, edge + MIN_GAP * height / 2, height)
        if found is not None and (best is None or found > best):
            best = found
    return None if best is None else best.middle


def _thinned(edges: Sequence[float], *, step: float) -> list[float]:
    """Return the last edge of each cluster, so that a page of ragged lines is not looked at hundreds of times."""
    return [edge for edge, after in zip(edges, [*edges[1:], float("inf")], strict=True) if after - edge > step / 2]


def _gap_after(runs: Sequence[Run], x: float, height: float) -> _Gap | None:
    """Return the gap around `x` where it parts columns of running text."""
    before = [run for run in runs if run.right <= x]
    after = [run for run in runs if run.left >= x]
    crossing = len(runs) - len(before) - len(after)
    if min(len(before), len(after)) < MIN_SIDE or crossing > MAX_CROSSING * len(runs):
        return None
    if any(sum(run.right - run.left for run in side) / len(side) < MIN_WIDTH * height for side in (before, after)):
        return None
    right, left = max(run.right for run in before), min(run.left for run in after)
    if left - right < MIN_GAP * height:
        return None
    return _Gap(uncrossed=-crossing, width=left - right, middle=(left + right) / 2)


def _paragraphs(block: list[Run]) -> list[str]:
    """Return the block's lines from the top, those of one paragraph joined."""
    lines = _lines(block)
    if not lines:
        return []
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    joined = [lines[0].text.strip()]
    for before, line in pairwise(lines):
        if _goes_on(before, line, left=left, right=right):
            joined[-1] += _space_between(joined[-1], line.text) + line.text.strip()
        else:
            joined.append(line.text.strip())
    return [text for text in joined if text]


def _lines(block: list[Run]) -> list[Run]:
    lines: list[list[Run]] = []
    for run in sorted(block, key=lambda run: (-run.middle, run.left)):
        if lines and abs(lines[-1][0].middle - run.middle) <= SAME_LINE * min(lines[-1][0].height, run.height):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [_line(sorted(line, key=lambda run: run.left)) for line in lines]


def _line(runs: Sequence[Run]) -> Run:
    line = runs[0]
    for run in runs[1:]:
        apart = run.left - line.right > TOUCHING * max(line.height, run.height)
        line = (line.spaced() if apart else line).joined(run)
    return line


def _goes_on(before: Run, line: Run, *, left: float, right: float) -> bool:
    """Tell whether a line continues the paragraph of the one before: that one is full, and this one not indented."""
    height = max(before.height, line.height)
    alike = min(before.height, line.height) >= 0.7 * height and before.middle - line.middle <= MAX_LINE_PITCH * height
    return alike and right - before.right <= SHORT * height and line.left - left <= INDENT * height


def _space_between(before: str, after: str) -> str:
    return " " if before[-1:].isascii() and after.strip()[:1].isascii() and before[-1:] != "-" else ""
