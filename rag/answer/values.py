"""Finds values of the kind that a question asks for in a statement."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.text.dates import DateMention
from rag.text.figures import Figure
from rag.types import Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from rag.answer.attributes import ValueKind
    from rag.text.marks import Mark

_PLAIN: dict[ValueKind, re.Pattern[str]] = {
    "phone": re.compile(r"(?<!\d)(?:0\d{2,3}-?\d{3,4}-?\d{4}|400-?\d{3}-?\d{4}|1[3-9]\d{9}|\d{8}|(?<=电话)\d{5})(?!\d)"),
    "email": re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+", re.ASCII),
    "site": re.compile(r"https?:|www\.|\w+\.(?:com|cn|org|net)\b|\d+(?:\.\d+){3}|平台|二维码|扫码|小程序|系统|网站|阅读原文"),
    "score": re.compile(r"\d+\s?[:比∶]\s?\d+(?!\d*[分时])"),
    "place": re.compile(
        # A day stands after the same words as a place.
        "(?:在|于|地点[:：]?|地址[:：]?|赴|前往|走进|来到)(?:(?!\\d月|\\d日|举[办行]|召开)[\u4e00-\u9fffA-Za-z0-9（）()“”·]){1,16}?"
        "(?:区|路|号|厅|馆|中心|楼|园|市|镇|基地|酒店|大厦|会场|机场|大学|学院|公司|广场|街道|剧院|码头|站)"
        r"|\b(?:at|in) (?:the )?[A-Z]\w+"
    ),
}  # fmt: skip
_FREE = re.compile(r"免费|无需缴|不收|免收|\bfree\b")
_SHARES = frozenset({"percent", "points", "times", "fraction"})
_AREAS = frozenset({"平方米", "亩"})
_UNITS: dict[ValueKind, frozenset[str]] = {
    "length": frozenset({"米", "英里", "英尺", "英寸"}),
    "weight": frozenset({"千克", "载重吨", "总吨"}),
    "duration": frozenset({"年", "月", "周", "天", "工作日", "小时", "分钟", "秒", "毫秒"}),
}


def value_spans(text: str, marks: Sequence[Mark], *, kind: ValueKind, given: AbstractSet[str]) -> list[Span]:
    """Return where a levelled text, with its marks, holds values of a kind; a figure that the question itself gives does not count."""
    if kind in _PLAIN:
        return [Span(*match.span()) for match in _PLAIN[kind].finditer(text)]
    found = [mark.span for mark in marks if _is(mark, kind) and text[mark.span.start : mark.span.end] not in given]
    free = [Span(*match.span()) for match in _FREE.finditer(text)] if kind == "fee" else []
    return [*free, *found]


def _is(mark: Mark, kind: ValueKind) -> bool:
    if isinstance(mark, DateMention):
        return kind == "day"
    if not isinstance(mark, Figure) or mark.kind == "ordinal":
        return False
    if kind in ("money", "fee"):
        return mark.kind == "money"
    if kind == "percent":
        return mark.kind in _SHARES
    if kind == "area":
        return mark.kind == "measure" and mark.unit in _AREAS
    if kind in _UNITS:
        return mark.unit in _UNITS[kind]
    if kind == "count":
        return mark.kind in ("count", "number")
    return kind == "figure"
