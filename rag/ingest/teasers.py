"""The list of other articles under a web article: titles with the first words of each, cut off."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_LIST_HEAD = re.compile(
    r"^(?:相关|延伸|推荐|更多|热门)(?:文章|阅读|新闻|推荐|报道|链接)[:：]?$|^Related (?:articles|stories)$",
    re.IGNORECASE,
)
_CUT_OFF = re.compile(r"(?:\.{3,}|…+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaser:
    """Another article's title and first words."""

    title: str
    text: str


def take_teasers(paragraphs: Sequence[str]) -> tuple[tuple[str, ...], tuple[Teaser, ...]]:
    """Return the page's own paragraphs and the teasers below them.

    A list counts when every second line after its head is cut off, as teasers are; else nothing is taken.
    """
    for at, paragraph in enumerate(paragraphs):
        if _LIST_HEAD.match(paragraph):
            rest = paragraphs[at + 1 :]
            teasers = tuple(
                Teaser(title=title, text=text)
                for title, text in zip(rest[::2], rest[1::2], strict=False)
                if _CUT_OFF.search(text)
            )
            if teasers and 2 * len(teasers) >= len(rest) - 1:
                return tuple(paragraphs[:at]), teasers
    return tuple(paragraphs), ()
