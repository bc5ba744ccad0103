"""The list of other articles under a web article: titles with the first words of each, cut off."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LIST_HEAD = re.compile(
    r"^[【\[]?(?:相关|延伸|推荐|更多|热门|猜你|往期|精彩|最新)(?:文章|阅读|新闻|推荐|报道|链接|排行|喜欢|内容|资讯|回顾|精选)[】\]]?[:：]?$"
    r"|^(?:Related|More|Recommended)(?: (?:articles|stories|news|reading|from .{2,30}))?:?$",
    re.IGNORECASE,
)
# A list of bare titles has no longer lines than these.
LONGEST_LINK = 60
_CUT_OFF = re.compile(r"(?:\.{3,}|…+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaser:
    """Another article's title and first words."""

    title: str
    text: str


def take_teasers(paragraphs: Sequence[str]) -> tuple[tuple[str, ...], tuple[Teaser, ...]]:
    """Return the page's own paragraphs and the teasers below them.

    A list counts when every second line after its head is cut off, as teasers are, or when nothing but bare titles
    follows, which say nothing and are left out; else nothing is taken. A list in the middle of a text is its own.
    """
    for at, paragraph in enumerate(paragraphs):
        if at > 0 and LIST_HEAD.match(paragraph):
            rest = [line for line in paragraphs[at + 1 :] if not LIST_HEAD.match(line)]
            teasers = tuple(
                Teaser(title=title, text=text)
                for title, text in zip(rest[::2], rest[1::2], strict=False)
                if _CUT_OFF.search(text)
            )
            if 2 * len(teasers) >= len(rest) - 1 and teasers:
                return tuple(paragraphs[:at]), teasers
            if all(len(line) <= LONGEST_LINK and not line.endswith(("。", "；", ".")) for line in rest):
                return tuple(paragraphs[:at]), ()
    return tuple(paragraphs), ()
