"""What training leaves out of its sets, so that choices can be made by it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from embeddings.train import records

if TYPE_CHECKING:
    from pathlib import Path

HEADLINES_FROM = "20251001"  # broadcasts of this day and later
SEGMENT_STEP = 70  # every so-manieth translated segment
RUBRIC = re.compile(r"^【[^】]*】")
SHORTEST = 8  # characters of a headline that says something


def headlines(data: Path) -> list[records.Pair]:
    """Return (headline without its rubric, text) of the broadcasts left out."""
    late = (item for item in records.broadcasts(data) if item.date >= HEADLINES_FROM)
    pairs = ((RUBRIC.sub("", item.title), item.text) for item in late)
    return [(title, text) for title, text in pairs if len(title) >= SHORTEST and text.strip()]


def segments(data: Path) -> list[records.Pair]:
    """Return the (English, Chinese) segments left out."""
    return records.translations(data, "zh_en_segments")[::SEGMENT_STEP]
