"""Small line charts as inline SVG, drawn with the page's own colours."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT, MARGIN = 220, 64, 6
LEAST_RANGE = 0.05


def line_chart(values: Sequence[float | None], *, labels: Sequence[str]) -> str:
    """Return a line over the values, oldest first; a missing one breaks the line. `labels` are shown on its points."""
    known = [value for value in values if value is not None]
    low, high = min(known), max(known)
    middle, half = (low + high) / 2, max(high - low, LEAST_RANGE) / 2
    points = [
        None if value is None else (_x(place, len(values)), _y((value - middle + half) / (2 * half)))
        for place, value in enumerate(values)
    ]
    dots = "".join(
        f'<circle cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="2.5"><title>{html.escape(label)}</title></circle>'
        for point, label in zip(points, labels, strict=True)
        if point is not None
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{html.escape(labels[-1])}">'
        f'<path class="line" d="{_path(points)}"/>{dots}</svg>'
    )


def _path(points: Sequence[tuple[float, float] | None]) -> str:
    parts, pen_up = [], True
    for point in points:
        if point is not None:
            parts.append(f"{'M' if pen_up else 'L'}{point[0]:.1f} {point[1]:.1f}")
        pen_up = point is None
    return "".join(parts)


def _x(place: int, count: int) -> float:
    return WIDTH / 2 if count == 1 else MARGIN + (WIDTH - 2 * MARGIN) * place / (count - 1)


def _y(share: float) -> float:
    return HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * share
