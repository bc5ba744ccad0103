"""The days of an article by what they are for: a last day to act, a day of an event, the period of a figure, a signature."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.types import Event, Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rag.text.dates import DateMention
    from rag.types import EventKind

# How far before and behind a day the words may stand that say what it is for.
BEFORE, BEHIND = 40, 24
# Days named together are one range when no more than this stands between them.
BETWEEN = 6
# A stretch of more days than this is a period of figures, not an event.
LONGEST_EVENT = 62
_DAYS = frozenset({"day", "span", "tenday", "week"})

_ACT = "申报|报名|受理|征集|报送|提交|登录|填报|投递|推荐|公示|反馈|注册|申请|投稿|揭榜|评选|投票|缴|办理|递交|上报"
_UNTIL_BEFORE = re.compile(r"(?:截止|截至|不晚于|最迟|deadline|no later than|by|until)[^。；\n]{0,10}$", re.IGNORECASE)
_UNTIL_BEHIND = re.compile(
    r"^\s*(?:[（(][^）)]{0,12}[)）])?(?:\d{1,2}[:：时点]\d{0,2}分?)?(?:之?前|止|截止|为止|以前)[^。；\n]{0,30}"
)
_ACTS = re.compile(_ACT + r"|逾期|过时|提出|完成|apply|submit|register|application", re.IGNORECASE)
# 让今天的努力成为明天的收获 speaks of no day.
_FIGURE_OF_SPEECH = re.compile("今天的[^，。；\n]{1,8}(?:成为|变成|就是|是)了?明天")
_RANGE = re.compile(r"^\s*(?:\d{1,2}[:：]\d{2})?\s*(?:[-–—~～至到]|——|起?至)\s*$")
_FOR_ACTING = re.compile(rf"(?:{_ACT})[^。；\n]{{0,14}}(?:时间|期限|日期|期)", re.IGNORECASE)
_SIGNS = re.compile(
    "(?:委员会|委|局|厅|部|办公室|办|政府|公司|中心|协会|学会|处|院|会|社|Bureau|Commission|Office|Committee)$"
)
_COUNTS = re.compile("截至[^。；\n]{0,24}(?:已|共|累计|新增|达|有)|截止到?[^。；\n]{0,16}(?:已|共|累计|新增)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dated:
    """A day or a range of days; `is_day` is false where only a month, a year or more was named."""

    first: date
    last: date
    span: Span
    minutes: tuple[int, int] | None
    is_day: bool


def events_of(text: str, dates: Sequence[DateMention]) -> tuple[Event, ...]:
    """Return the days that could be placed in the calendar, in the order of the text; vague words such as 近日 are none."""
    found: list[_Dated] = []
    spoken = [Span(*row.span()) for row in _FIGURE_OF_SPEECH.finditer(text)]
    for mention in dates:
        if mention.period is None or mention.period.precision == "vague":
            continue
        if any(row.start <= mention.span.start and mention.span.end <= row.end for row in spoken):
            continue
        row = _Dated(first=mention.period.first, last=mention.period.last, span=mention.span, minutes=mention.minutes,
                     is_day=mention.period.precision in _DAYS)  # fmt: skip
        if found and _continues(text, found[-1], row):
            found[-1] = _joined(found[-1], row)
        else:
            found.append(row)
    return tuple(_event(text, row) for row in found)


def _event(text: str, row: _Dated) -> Event:
    return Event(kind=_kind(text, row), first=row.first, last=row.last, span=row.span, minutes=row.minutes)


def _kind(text: str, row: _Dated) -> EventKind:
    before = text[max(0, row.span.start - BEFORE) : row.span.start]
    sentence = _sentence(text, row.span)
    until = _UNTIL_BEFORE.search(before) or _UNTIL_BEHIND.match(text[row.span.end : row.span.end + BEHIND])
    # 截至10月31日，已有… counts; 截止时间：10月31日 sets a last day.
    if row.is_day and _ACTS.search(sentence) and until and not _COUNTS.search(sentence):
        return "deadline"
    if not row.is_day or (row.last - row.first).days > LONGEST_EVENT:
        return "period"
    if row.first != row.last and _FOR_ACTING.search(sentence):
        return "deadline"
    return "signature" if _is_signature(text, row) else "event"


def _sentence(text: str, span: Span) -> str:
    """Return the line's sentence around a span, with the line above where that is only a label."""
    start = max(text.rfind(mark, 0, span.start) for mark in "。；\n") + 1
    ends = [at for mark in "。；\n" if (at := text.find(mark, span.end)) >= 0]
    above = text[text.rfind("\n", 0, max(0, start - 1)) + 1 : max(0, start - 1)]
    label = above if len(above) <= BEHIND else ""
    return f"{label} {text[start : min(ends, default=len(text))]}"


def _is_signature(text: str, row: _Dated) -> bool:
    """Tell whether the day stands alone in its line below a short one, which names who signs."""
    start, end = text.rfind("\n", 0, row.span.start) + 1, text.find("\n", row.span.end)
    around = text[start : row.span.start] + text[row.span.end : len(text) if end < 0 else end]
    above = text[text.rfind("\n", 0, max(0, start - 1)) + 1 : max(0, start - 1)]
    return row.first == row.last and row.minutes is None and not around.strip() and _SIGNS.search(above) is not None


def _continues(text: str, one: _Dated, other: _Dated) -> bool:
    """Tell whether two days are the ends of one range: 11月3日9:00-11月9日17:00."""
    gap = text[one.span.end : other.span.start]
    return len(gap) <= BETWEEN and _RANGE.match(gap) is not None and one.first <= other.last


def _joined(one: _Dated, other: _Dated) -> _Dated:
    minutes = None
    if one.minutes is not None or other.minutes is not None:
        minutes = ((one.minutes or (0, 0))[0], (other.minutes or (1440, 1440))[1])
    span = Span(one.span.start, other.span.end)
    return _Dated(first=one.first, last=other.last, span=span, minutes=minutes, is_day=one.is_day and other.is_day)
