"""Chinese dates that count from the reference day: 昨天, 上周五, 近五年, 月底."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.text import periods
from rag.text.periods import Period

if TYPE_CHECKING:
    from datetime import date

    from rag.text.dates import Context

from rag.text.zh_words import MONTH_PARTS, TO, Found, N, whole_number

_MONTH_WORD = "(?P<month_word>(?:上上|上|本|这|当|下|下下)个?月)"
_RELATIVE_DAY = re.compile("(今|昨|明|前|后)(?:天|日(?!子|本)|晚(?!会)|晨)|(今|昨|明)(?=上午|下午|晚|晨)")
_DAYS = {"今": 0, "昨": -1, "明": 1, "前": -2, "后": 2}
_WEEK = re.compile("(?:(上上|上|本|这|下下|下)个?)(?:周|星期|礼拜)(?P<day>[一二三四五六日天末])?")
_WEEKDAY = re.compile("(?:周|星期|礼拜)(?P<day>[一二三四五六日天])(?![期全到])")
_SHIFT = {"上上": -2, "上": -1, "本": 0, "这": 0, "当": 0, "下": 1, "下下": 2}
_WEEKDAYS = {char: at for at, char in enumerate("一二三四五六日")} | {"天": 6}
_MONTHLY = re.compile(rf"{_MONTH_WORD}(?:的?(?P<day>{N})[日号])?\s?(?P<part>初|上旬|中旬|下旬|底|末|以来|内)?")
_ALONE_PART = re.compile(
    r"(?P<year>年)(?P<part>初(?!步)|中(?!国|等|期)|底|末|内)|(?P<monthpart>月)(?P<mpart>初|底|末|中旬)|(?P<rest>上|中|下)旬"
)
# 后三日 and 头5日 count days.
_DAY_ALONE = re.compile(rf"(?<![前后头首这整连])(?!一日)({N})日(?!元|均|本|常|子|前|益|程)(?:{TO}({N})日)?")
_QUARTER_WORD = re.compile("(上|本|下)(?:一个?)?季度")
_SPAN = re.compile(
    r"(?P<way>近|过去|最近|此前|前|未来|今后|接下来|连续|往后|下一个?)的?\s?(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})\s?(?P<more>多|余)?(?P<unit>年|个月|周|个星期|天|日)(?P<tail>来|间|内|里)?(?![级月度])"
)
_UNITS = {"年": "year", "个月": "month", "周": "week", "个星期": "week", "天": "day", "日": "day"}
_VAGUE = re.compile("近日|日前|近期|最近|不久前|前不久|连日来|近来|近段时间")


def relative_date(text: str, start: int, context: Context) -> Found | None:
    """Return the end and period of a date that counts from the reference day: 昨天, 上周五, 本月底, 年底, 5日."""
    if found := _VAGUE.match(text, start):
        period = None if context.reference is None else periods.around(context.reference, ahead=False)
        return found.end(), period, True
    if found := _DAY_ALONE.match(text, start):
        period = _day_alone(found, context)
        return None if period is None and context.reference is not None else (found.end(), period, True)
    if (found := _ALONE_PART.match(text, start)) and _stands_alone(text, start):
        return found.end(), _part(found, context), True
    for pattern, build in _RELATIVES:
        if found := pattern.match(text, start):
            period = None if context.reference is None else build(found, context.reference)
            return None if period is None and context.reference is not None else (_relative_end(found), period, True)
    return None


def _relative_end(found: re.Match[str]) -> int:
    return found.end() - 2 if found[0].endswith("以来") else found.end()


def _stands_alone(text: str, start: int) -> bool:
    return (
        start == 0
        or text[start - 1] not in "0123456789今去明前后每全当同近多零一二三四五六七八九十半成青少几数两本上下壮百"
    )


def _near_day(found: re.Match[str], reference: date) -> Period | None:
    day = periods.shifted(reference, days=_DAYS[found[1] or found[2]])
    return Period(first=day, last=day, precision="day")


def _week(found: re.Match[str], reference: date) -> Period | None:
    week = periods.week_of(reference, weeks=_SHIFT[found[1]])
    if found["day"] == "末":
        return Period(first=periods.shifted(week.first, days=5), last=week.last, precision="span")
    if found["day"]:
        day = periods.shifted(week.first, days=_WEEKDAYS[found["day"]])
        return Period(first=day, last=day, precision="day")
    return week


def _weekday(found: re.Match[str], reference: date) -> Period | None:
    back = (reference.weekday() - _WEEKDAYS[found["day"]]) % 7
    day = periods.shifted(reference, days=-back if back < 4 else 7 - back)
    return Period(first=day, last=day, precision="day")


def _monthly(found: re.Match[str], reference: date) -> Period | None:
    word = found["month_word"].removesuffix("月").removesuffix("个")
    year, month = periods.month_after(reference, months=_SHIFT[word])
    if found["day"]:
        return periods.day_of(year, month, whole_number(found["day"]))
    period = periods.month_of(year, month)
    if period is None or found["part"] in (None, "以来", "内"):
        return period
    return periods.part_of(period, MONTH_PARTS[found["part"]])


def _part(found: re.Match[str], context: Context) -> Period | None:
    reference = context.reference
    if reference is None:
        return None
    if found["year"]:
        year = context.said_year() or reference.year
        whole = periods.years_of(year, year, precision="year")
        return whole if whole is None or found["part"] == "内" else periods.part_of(whole, MONTH_PARTS[found["part"]])
    month = periods.month_of(reference.year, reference.month)
    if month is None:
        return None
    return periods.part_of(month, MONTH_PARTS[found["mpart"] or f"{found['rest']}旬"])


def _day_alone(found: re.Match[str], context: Context) -> Period | None:
    first = context.day(whole_number(found[1]))
    if first is None or found[2] is None:
        return first
    last = context.day(whole_number(found[2]))
    return None if last is None or last.first <= first.first else replace(first, last=last.last, precision="span")


def _quarter_word(found: re.Match[str], reference: date) -> Period | None:
    year, month = periods.month_after(reference, months=3 * _SHIFT[found[1]])
    quarter = (month + 2) // 3
    return periods.quarters_of(year, quarter, quarter)


_RELATIVES = (
    (_RELATIVE_DAY, _near_day),
    (_QUARTER_WORD, _quarter_word),
    (_WEEK, _week),
    (_WEEKDAY, _weekday),
    (_MONTHLY, _monthly),
)


def span_of_days(text: str, start: int, context: Context) -> Found | None:
    """Read 近五年, 过去10年, 未来三个月."""
    found = _SPAN.match(text, start)
    if found is None or (found["way"] in ("前", "连续") and found["tail"] is None):
        return None
    if found["way"] == "近" and start > 0 and text[start - 1] in "最将接附":
        return None
    count, unit = whole_number(found["n"]), _UNITS[found["unit"]]
    if context.reference is None:
        return found.end(), None, True
    build = (
        periods.ahead_from
        if found["way"] in ("未来", "今后", "接下来", "往后", "下一个", "下一")
        else periods.back_from
    )
    return found.end(), build(context.reference, count=count, unit=unit), True
