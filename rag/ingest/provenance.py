"""Where a text was taken from: the source line that opens or closes it, and names no part of the story."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# A source line stands this near to the beginning or the end.
NEAR_EDGE = 4

_LABEL = r"[（(【\s]*(?:本文)?(?:转载自|转自|摘自|(?:文章|稿件|资料|信息|素材|内容|消息|新闻)?来源(?:于|自)?|Source)\s*[:：丨｜|]\s*"
_SOURCE = re.compile(rf"^{_LABEL}([^。！？]{{1,40}}?)[)）】\s]*$", re.IGNORECASE)
_AUTHOR = re.compile(r"\s+(?:作者|记者|编辑|时间|日期|发布)\s*[:：].*$")
# A name of the press, and the words that begin a story glued to it.
_GLUED = re.compile(
    rf"^{_LABEL}([一-鿿]{{1,10}}?(?:日报|晚报|时报|商报|早报|报|网|社|客户端|电视台|发布|新闻|微信公众号))"
    r"(?=今年|去年|今天|昨天|近日|日前|目前|近年|本报|记者|新华社|随着|为|在|[“《\d])"
)

# The agency of a dateline or sign-off: 据新华社北京3月3日电, （中新社上海5月6日电）.
_WIRE = re.compile(
    r"(?:^|[据據■（(]|\n)\s*(?:本报综合)?[据據]?([一-鿿]{1,3}社)(?:记者)?[一-鿿、 ]{0,12}\d{1,2}月\d{1,2}日[电讯電訊]"
)


def wire_of(text: str) -> str | None:
    """Return the agency that a dateline or sign-off of the text names, `None` without one."""
    found = _WIRE.search(text)
    return None if found is None else found[1]


def take_source(lines: Sequence[str]) -> tuple[str | None, list[str]]:
    """Return the source that a line near an edge of the text names, `None` without one, and the other lines."""
    kept: list[str] = []
    source: str | None = None
    for at, line in enumerate(lines):
        is_near = at < NEAR_EDGE or at >= len(lines) - NEAR_EDGE
        name, rest = _split(line) if is_near else (None, line)
        source = source or name
        if rest:
            kept.append(rest)
    return source, kept


def _split(line: str) -> tuple[str | None, str]:
    glued = _GLUED.match(line)
    if glued is not None:
        return glued[1], line[glued.end() :].lstrip()
    whole = _SOURCE.match(line)
    return (None, line) if whole is None else (_AUTHOR.sub("", whole[1]).strip() or None, "")
