"""Chinese dates that name a year, quarter, month or day of the calendar; nothing that counts from today."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.text import periods

if TYPE_CHECKING:
    from rag.text.dates import Context
    from rag.text.periods import Period

from rag.text.zh_words import MONTH_PARTS, NAMED_YEARS, TO, Found, N, Y, whole_number, year_number

_YEAR = rf"(?:(?P<year>{Y})\s?(?:年(?!轻|级)|(?=[QH][1-4]))|(?P<named>今|本|去|上一|上|明|次|下|大前|前|后)年(?!来|轻|纪|级|会|货|画|报|度报)度?|(?P<unsaid>当|同)年(?!度?人))"
_PART = "(?P<part>年初(?!步)|年中|年底|年末|岁末|初(?!步|期|级|中|创|心)|上旬|中旬|下旬|底|末|中(?=[^国小心等央共])|以来|内)"
_INNER = (
    rf"(?:(?P<first_months>前|头)(?P<months>{N})个?月|(?P<m1>{N})月?{TO}(?P<m2>{N})月份?(?!\d{{1,2}}[日号])"
    rf"|(?P<half>上|下)半年|(?P<season>第?[一二三四1-4]|前[二三两23])季度?|Q(?P<q>[1-4])|H(?P<h>[12]))"
)
_INNER_AHEAD = r"\d|[一二三四五六七八九十前头上下第Q]"
_DAY = rf"(?P<month>{N})\s?月(?:份(?!额))?(?:\s?(?P<day>{N})\s?(?:日(?!均|本)|号(?!楼|线|院)))?"
_DATE = re.compile(rf"(?:{_YEAR}(?:\s?的?(?={_INNER_AHEAD}))?)?(?:{_INNER}|{_DAY})?(?:\s?{_PART})?(?:期间|时期)?")
_NUMERIC = re.compile(
    r"(?<![\d.])((?:19|20)\d\d)([-/.])(\d{1,2})(?:\2(\d{1,2}))?(?![\d-])|(?<!\d)((?:19|20)\d\d)([01]\d)([0-3]\d)(?!\d)"
)
_YEARS = re.compile(rf"({Y})年?{TO}({Y})(?:年度?(?:期间)?|(?!\d))")
_BARE_YEAR = re.compile(
    r"(?<![\d.,-])(?:19[5-9]\d|20[0-4]\d)(?![\d,.%：:-]|\s?[万亿千百家个名人项元款米吨公平台套辆条次篇])"
)
_FISCAL = re.compile(r"(?:(?:19|20)\d\d)(?:财年|年度|学年|财政年度)")
_PLAN = re.compile('(十[一二三四五六七]?|[三四五六七八九])五[”"]?(?P<rest>期间|时期|规划期|以来|末|开局之年|收官之年)?')
_DECADE = re.compile(
    r"(?:(?P<century>\d{1,2}|上|本|[一二][十]?[一]?)(?:个)?世纪)?(?P<tens>[1-9]0|[一二三四五六七八九]十)年代(?P<part>初|中期|末)?"
)
_CENTURY = re.compile(r"(\d{1,2}|上|本|二十一?|十九)(?:个)?世纪(?:以来|初|末|中叶)?")


def calendar_date(text: str, start: int, context: Context) -> Found | None:
    """Return the end and period of a date of the calendar, and whether the reference decided part of it."""
    return (
        _numeric(text, start)
        or _years(text, start)
        or _decade(text, start, context)
        or _plan(text, start)
        or _dated(text, start, context)
    )


def _numeric(text: str, start: int) -> Found | None:
    """Read 2025-11-05, 2025/11, 20251105."""
    found = _NUMERIC.match(text, start)
    if found is None:
        return None
    if found[5]:
        period = periods.day_of(int(found[5]), int(found[6]), int(found[7]))
    elif found[4]:
        period = periods.day_of(int(found[1]), int(found[3]), int(found[4]))
    else:
        period = periods.month_of(int(found[1]), int(found[3]))
    return None if period is None else (found.end(), period, False)


def _years(text: str, start: int) -> Found | None:
    """Read 2022-2025年 and a bare 2024."""
    found = _YEARS.match(text, start)
    if found is None:
        return None
    first, last = year_number(found[1]), year_number(found[2])
    if first >= last or re.compile(r"\s?\d{1,2}月").match(text, found.end()):
        return None
    return found.end(), periods.years_of(first, last, precision="span"), False


def _decade(text: str, start: int, context: Context) -> Found | None:
    if found := _DECADE.match(text, start):
        century = _century(found["century"], context)
        tens = whole_number(found["tens"])
        first = (century - 1) * 100 + tens if century is not None else 1900 + tens
        relative = found["century"] in ("上", "本")
        return found.end(), periods.years_of(first, first + 9, precision="decade"), relative
    if found := _CENTURY.match(text, start):
        century = _century(found[1], context)
        if century is None or not 1 <= century <= 99:
            return (found.end(), None, True)
        return found.end(), periods.years_of(max(1, 100 * century - 100), 100 * century - 1, precision="century"), False
    return None


def _century(written: str | None, context: Context) -> int | None:
    if written is None:
        return None
    if written in ("上", "本"):
        year = context.year(0)
        return None if year is None else year // 100 + (1 if written == "本" else 0)
    return whole_number(written)


def _plan(text: str, start: int) -> Found | None:
    found = _PLAN.match(text, start)
    if found is None:
        return None
    plan = whole_number(found[1])
    quoted = (
        start > 0
        and text[start - 1] in '“"'
        and found.end() > found.start()
        and text[found.end(1) + 1 : found.end(1) + 2] in '”"'
    )
    if (plan <= 10 and not quoted) or (start > 0 and text[start - 1] in "第二三四五六七八九百"):
        return None
    return found.end(), _plan_part(plan, found["rest"]), False


def _plan_part(number: int, rest: str | None) -> Period | None:
    plan = periods.plan_of(number)
    if plan is not None and rest == "开局之年":
        return periods.years_of(plan.first.year, plan.first.year, precision="year")
    if plan is not None and rest in ("收官之年", "末"):
        return periods.years_of(plan.last.year, plan.last.year, precision="year")
    return plan


def _dated(text: str, start: int, context: Context) -> Found | None:
    """Read year, month and day, as far as they are written, with quarters, halves and parts of a month."""
    if fiscal := _FISCAL.match(text, start):
        named = int(fiscal[0][:4])
        return fiscal.end(), periods.years_of(named, named, precision="year"), False
    found = _DATE.match(text, start)
    if found is None or found.end() == start:
        return _bare(text, start)
    year, relative = _said_year(found, context)
    end, part = found.end(), found["part"]
    period = _within_year(found, year, context)
    if period is None:
        # With a year or a reference every date has a period: what has none, such as 13月, is no date.
        known = year is not None or context.reference is not None
        return None if known and found["unsaid"] is None else (end, None, True)
    if part in MONTH_PARTS:
        period = periods.part_of(period, MONTH_PARTS[part])
    return end - 2 if part == "以来" else end, period, relative or year is None


def _bare(text: str, start: int) -> Found | None:
    found = _BARE_YEAR.match(text, start)
    if found is None or (start > 0 and text[start - 1] in "第.-$¥￥"):
        return None
    return found.end(), periods.years_of(int(found[0]), int(found[0]), precision="year"), False


def _said_year(found: re.Match[str], context: Context) -> tuple[int | None, bool]:
    if found["year"]:
        return year_number(found["year"]), False
    if found["named"]:
        return context.year(NAMED_YEARS[found["named"]]), True
    if found["unsaid"]:
        return (None if context.previous is None else context.previous.first.year), True
    return None, True


def _within_year(found: re.Match[str], year: int | None, context: Context) -> Period | None:
    if found["month"]:
        return _month_or_day(found, year, context)
    if year is None and (found["named"] or found["unsaid"]):
        return None
    if year is None:
        year = context.said_year() or context.year(0)
    if year is None:
        return None
    if found["months"]:
        return periods.months_of(year, 1, whole_number(found["months"]), precision="span")
    if found["m1"]:
        return periods.months_of(year, whole_number(found["m1"]), whole_number(found["m2"]), precision="span")
    if found["half"] or found["h"]:
        second = found["half"] == "下" or found["h"] == "2"
        return periods.months_of(year, 7 if second else 1, 12 if second else 6, precision="half")
    if found["season"] or found["q"]:
        return _quarters(found["season"] or found["q"], year)
    return periods.years_of(year, year, precision="year")


def _quarters(written: str, year: int) -> Period | None:
    last = whole_number(written.removeprefix("第").removeprefix("前"))
    return periods.quarters_of(year, 1 if written.startswith("前") else last, last)


def _month_or_day(found: re.Match[str], year: int | None, context: Context) -> Period | None:
    month = whole_number(found["month"])
    if found["day"]:
        day = whole_number(found["day"])
        return context.month_day(month, day) if year is None else periods.day_of(year, month, day)
    return context.month(month) if year is None else periods.month_of(year, month)
