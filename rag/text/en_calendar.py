"""English dates that name a year, quarter, month or day of the calendar."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.text import periods
from rag.text.numerals import ENGLISH

if TYPE_CHECKING:
    from rag.text.dates import Context
    from rag.text.periods import Period

from rag.text.en_words import SHIFT, Found, count

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|Jun(?:e|\.)?|Jul(?:y|\.)?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|"
    r"Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)(?![A-Za-z])"
)
_Y = r"(?:(?:19|20)\d\d)(?!\d)"
_D = r"\d{1,2}(?:st|nd|rd|th)?(?!\d)"
_TO = r"\s?(?:[-–—]|to|and|through|until)\s?"
_WHEN = r"(?P<when>last|this|next|previous|the same|the following|the current|current)"
_MONTH_FIRST = re.compile(
    rf"(?P<m>{_MONTH})\s(?P<d>{_D})(?!:|\s?(?:percent|%|million|billion))(?:{_TO}(?:(?P<m2>{_MONTH})\s)?(?P<d2>{_D})(?!:|\s?[ap]\.?m))?(?:,?\s(?P<y>{_Y}))?"
)
_DAY_FIRST = re.compile(
    rf"(?:the\s)?(?P<d>{_D})(?:{_TO}(?P<d2>{_D}))?(?:\sof)?\s(?P<m>{_MONTH})(?:{_TO}(?P<dd>{_D})\s(?P<m2>{_MONTH}))?(?:,?\s(?P<y>{_Y}))?"
)
_MONTH_YEAR = re.compile(
    rf"(?:(?P<m>{_MONTH}){_TO})?(?P<m2>{_MONTH})(?:\sof)?,?\s(?P<y>{_Y}|last year|this year|next year)"
)
_MONTHS_ALONE = re.compile(rf"(?P<m>{_MONTH})(?:{_TO}(?P<m2>{_MONTH}))?")
_WHEN_MONTH = re.compile(rf"{_WHEN}\s(?P<m>{_MONTH})", re.IGNORECASE)
_OF_YEAR = rf"(?:(?:\sof|\sin|,)?\s(?P<y>{_Y}|(?:last|this|next) year)|\s(?P<plain>year)(?!\w))?"
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_QUARTER = re.compile(
    rf"(?:the\s)?(?:(?P<o>first|second|third|fourth|1st|2nd|3rd|4th)\squarter|Q(?P<q>[1-4])|(?P<h>first|second)\shalf|H(?P<hn>[12])|first\s(?P<n>two|three|2|3)\squarters|first\s(?P<months>{ENGLISH}|\d+)\smonths){_OF_YEAR}",
    re.IGNORECASE,
)
_YEAR_QUARTER = re.compile(rf"(?P<y>{_Y[:-6]})\s?(?:Q(?P<q>[1-4])|H(?P<hn>[12]))")
_YEARS = re.compile(rf"(?P<a>{_Y})\s?(?:[-–—]|to|and|through)\s?(?P<b>{_Y}|\d\d(?![\d-]))")
_ISO = re.compile(r"(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)(?:-(?P<d>\d\d))?(?!\d)")
_FISCAL = re.compile(r"(?:FY|fiscal(?: year)? )(?P<y>20\d\d|\d\d)(?!\d)", re.IGNORECASE)
_DECADE = re.compile(r"(?:the\s)?(?P<y>(?:18|19|20)\d0)s(?![A-Za-z])")
_CENTURY = re.compile(r"(?:the\s)?(?P<n>\d\d?)(?:st|nd|rd|th)\scentury", re.IGNORECASE)
_PLAN = re.compile(r"(?:the\s)?(?P<n>\d\d)(?:th|st|nd|rd)\sFive[- ]Year\sPlan(?:\speriod)?", re.IGNORECASE)
_BARE_YEAR = re.compile(
    r"(?<![\d.,$€£¥/-])(?:19[5-9]\d|20[0-4]\d)(?![\d%/]|[.,:]\d|-\w|\s?[万亿千百家个名人项元款米吨公平台套辆条次篇]|\s(?:yuan|people|companies|million|billion|vehicles|units|tonnes))"
)


def calendar_date(text: str, start: int, context: Context) -> Found | None:
    """Return the end and period of a date of the calendar, and whether the reference decided part of it."""
    return (
        _plan(text, start)
        or _day(text, start, context)
        or _month(text, start, context)
        or _quarter(text, start, context)
        or _years(text, start)
        or _decade(text, start)
    )


def _year(written: str | None, context: Context) -> tuple[int | None, bool]:
    if written is None:
        return None, True
    if written.isdigit():
        return int(written), False
    return context.year(SHIFT[written.split()[0].lower()]), True


def _month_number(written: str) -> int:
    return _MONTHS.index(written[:3].lower()) + 1


def _day_number(written: str) -> int:
    return int(re.sub(r"\D", "", written))


def _day(text: str, start: int, context: Context) -> Found | None:
    if found := _ISO.match(text, start):
        month = int(found["m"])
        period = (
            periods.day_of(int(found["y"]), month, int(found["d"]))
            if found["d"]
            else periods.month_of(int(found["y"]), month)
        )
        return None if period is None else (found.end(), period, False)
    found = _MONTH_FIRST.match(text, start) or _DAY_FIRST.match(text, start)
    if found is None:
        return None
    year, relative = _year(found["y"], context)
    month = _month_number(found["m"])
    first = _on(year, month, _day_number(found["d"]), context)
    last_day = found["d2"] or found.groupdict().get("dd")
    if first is None:
        return None if year is not None or context.reference is not None else (found.end(), None, True)
    if last_day is None:
        return found.end(), first, relative
    last = _on(year, _month_number(found["m2"]) if found["m2"] else month, _day_number(last_day), context)
    if last is None or last.last <= first.first:
        return None
    return found.end(), replace(first, last=last.last, precision="span"), relative


def _on(year: int | None, month: int, day: int, context: Context) -> Period | None:
    return context.month_day(month, day) if year is None else periods.day_of(year, month, day)


def _month(text: str, start: int, context: Context) -> Found | None:
    if found := _MONTH_YEAR.match(text, start):
        year, relative = _year(found["y"], context)
        if year is None:
            return found.end(), None, True
        last = _month_number(found["m2"])
        first = _month_number(found["m"]) if found["m"] else last
        return (
            found.end(),
            periods.months_of(year, first, last, precision="month" if first == last else "span"),
            relative,
        )
    if found := _WHEN_MONTH.match(text, start):
        return found.end(), _named_month(_month_number(found["m"]), found["when"].lower(), context), True
    found = _MONTHS_ALONE.match(text, start)
    if found is None or (found[0] in ("May", "Mar", "March", "Jun", "Jan", "Dec") and not _led(text, start)):
        return None
    first_month = context.month(_month_number(found["m"]))
    if first_month is None:
        return found.end(), None, True
    if found["m2"] is None:
        return found.end(), first_month, True
    last_month = _month_number(found["m2"])
    return (
        found.end(),
        periods.months_of(first_month.first.year, _month_number(found["m"]), last_month, precision="span"),
        True,
    )


def _led(text: str, start: int) -> bool:
    """Tell whether the word before shows that May or March is a month."""
    return (
        re.search(
            r"(?:in|since|by|until|of|from|to|late|early|mid|during|before|after|and|through|end|between)[ -]$",
            text[max(0, start - 9) : start],
            re.IGNORECASE,
        )
        is not None
    )


def _named_month(month: int, when: str, context: Context) -> Period | None:
    """Return last, this or next June: the nearest one that is over, in this year, or still to come."""
    if context.reference is None:
        return None
    year, now = context.reference.year, context.reference.month
    if SHIFT[when] < 0:
        year -= 0 if month < now else 1
    elif SHIFT[when] > 0:
        year += 0 if month > now else 1
    return periods.month_of(year, month)


def _quarter(text: str, start: int, context: Context) -> Found | None:
    found = _YEAR_QUARTER.match(text, start) or _QUARTER.match(text, start)
    if found is None:
        return None
    groups = {key: value for key, value in found.groupdict().items() if value}
    year, relative = _year(groups.get("y"), context)
    if year is None:
        year = context.said_year() or context.year(0)
    if year is None:
        return found.end(), None, True
    period = _quarter_period(groups, year)
    return None if period is None else (found.end(), period, relative)


def _quarter_period(groups: dict[str, str], year: int) -> Period | None:
    if half := groups.get("h") or groups.get("hn"):
        second = half.lower() in ("second", "2")
        return periods.months_of(year, 7 if second else 1, 12 if second else 6, precision="half")
    if quarters := groups.get("n"):
        return periods.quarters_of(year, 1, 2 if quarters.lower() in ("two", "2") else 3)
    if months := groups.get("months"):
        return periods.months_of(year, 1, count(months), precision="span")
    number = int(groups["q"]) if "q" in groups else _ORDINALS[groups["o"].lower()]
    return periods.quarters_of(year, number, number)


def _years(text: str, start: int) -> Found | None:
    found = _YEARS.match(text, start)
    if found is None:
        return None
    first = int(found["a"])
    last = int(found["b"]) if len(found["b"]) == 4 else first // 100 * 100 + int(found["b"])
    if found["b"].isdigit() and len(found["b"]) == 2 and not 12 < int(found["b"]) <= 99:
        return None
    if "and" in found[0] and not re.search(r"between\s$", text[max(0, start - 8) : start], re.IGNORECASE):
        return None
    return None if first >= last else (found.end(), periods.years_of(first, last, precision="span"), False)


def _decade(text: str, start: int) -> Found | None:
    if found := _DECADE.match(text, start):
        year = int(found["y"])
        return found.end(), periods.years_of(year, year + 9, precision="decade"), False
    if found := _CENTURY.match(text, start):
        number = max(1, int(found["n"]))
        return found.end(), periods.years_of(max(1, 100 * number - 100), 100 * number - 1, precision="century"), False
    return None


def _plan(text: str, start: int) -> Found | None:
    if found := _PLAN.match(text, start):
        period = periods.plan_of(int(found["n"]))
        return None if period is None else (found.end(), period, False)
    return None


def bare_year(text: str, start: int) -> Found | None:
    """Read a year alone: 2024, FY2025."""
    if fiscal := _FISCAL.match(text, start):
        year = int(fiscal["y"]) % 100 + 2000
        return fiscal.end(), periods.years_of(year, year, precision="year"), False
    found = _BARE_YEAR.match(text, start)
    if found is None:
        return None
    return found.end(), periods.years_of(int(found[0]), int(found[0]), precision="year"), False
