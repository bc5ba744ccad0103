"""The introduction of a series, which heads each of its articles and belongs to none of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# An introduction is over by then, counted in paragraphs.
LONGEST_INTRODUCTION = 3
# The shortest name of a series that a title may carry behind a bar.
SHORTEST_SERIES = 4

_NOTE = re.compile(
    r"^[【\[(（]?(?:编者按|编者的话|开栏的话|开栏语|编前语|编者注|Editor['’]s note)[】\])）]?\s*[:：丨｜]?\s*(.*)$"
)
_ANNOUNCES = re.compile(
    r"(?:推出|开设|开辟|刊发|刊登|刊载|发布).{0,60}(?:专栏|栏目|系列(?:报道|文章|访谈|推文|作品)?|主题(?:宣传|报道)"
    r"|特别报道|先进典型|人物报道|经验做法|专题)"
)
_SERIES = re.compile(r"[｜|丨]\s*([^｜|丨]+?)\s*$")


def without_introduction(paragraphs: Sequence[str], *, title: str) -> list[str]:
    """Return the paragraphs without a series' introduction at their head; it must leave some."""
    noted = _after_note(paragraphs)
    end = max(noted, _announced(paragraphs[noted:], title=title) + noted)
    return list(paragraphs[end:]) if end < len(paragraphs) else list(paragraphs)


def _after_note(paragraphs: Sequence[str]) -> int:
    """Return where the text begins after an editor's note; 0 without one."""
    note = _NOTE.match(paragraphs[0]) if paragraphs else None
    if note is None:
        return 0
    return 1 if note[1] else 2


def _announced(paragraphs: Sequence[str], *, title: str) -> int:
    """Return where the text begins after a paragraph that announces the series of the title; 0 without one."""
    series = _SERIES.search(title)
    if series is None or len(series[1]) < SHORTEST_SERIES:
        return 0
    for at in reversed(range(min(LONGEST_INTRODUCTION, len(paragraphs)))):
        if _ANNOUNCES.search(paragraphs[at]) and (at == 0 or series[1] in paragraphs[at]):
            return at + 1
    return 0
