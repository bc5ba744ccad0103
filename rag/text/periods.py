"""Calendar periods and how two of them relate; knows no text."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Precision = Literal[
    "day", "week", "tenday", "month", "quarter", "half", "year", "plan", "decade", "century", "span", "vague"
]
PeriodRelation = Literal["same", "contains", "inside", "overlaps", "before", "after"]

# The first five-year plan began in 1953; after a pause of three years the third began in 1966.
_THIRD_PLAN = 1966
VAGUE_DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days `first` to `last`, both included; `precision` is how finely the text named them."""

    first: date
    last: date
    precision: Precision


def relation(one: Period, other: Period) -> PeriodRelation:
    """Return how `one` lies to `other`: `contains` and `inside` where one is part of the other."""
    if (one.first, one.last) == (other.first, other.last):
        return "same"
    if one.last < other.first:
        return "before"
    if other.last < one.first:
        return "after"
    if one.first <= other.first and other.last <= one.last:
        return "contains"
    return "inside" if other.first <= one.first and one.last <= other.last else "overlaps"


def day_of(year: int, month: int, day: int) -> Period | None:
    """Return one day, or `None` where the calendar has no such day."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return Period(first=found, last=found, precision="day")


def month_of(year: int, month: int) -> Period | None:
    """Return one month, or `None` where the year has no such month."""
    return months_of(year, month, month, precision="month")


def months_of(year: int, first: int, last: int, *, precision: Precision) -> Period | None:
    """Return the months `first` to `last` of a year."""
    if not (1 <= first <= last <= 12 and date.min.year <= year <= date.max.year):
        return None
    return Period(first=date(year, first, 1), last=date(year, last, month_end(year, last)), precision=precision)


def quarters_of(year: int, first: int, last: int) -> Period | None:
    """Return the quarters `first` to `last` of a year."""
    return months_of(year, 3 * first - 2, 3 * last, precision="quarter" if first == last else "span")


def years_of(first: int, last: int, *, precision: Precision) -> Period | None:
    """Return the years `first` to `last`."""
    if not date.min.year <= first <= last <= date.max.year:
        return None
    return Period(first=date(first, 1, 1), last=date(last, 12, 31), precision=precision)


def plan_of(number: int) -> Period | None:
    """Return the years of China's five-year plan of that number, from the third on."""
    first = _THIRD_PLAN + 5 * (number - 3)
    return years_of(first, first + 4, precision="plan") if number >= 3 else None


def week_of(day: date, *, weeks: int) -> Period:
    """Return the week, Monday to Sunday, `weeks` after the one that holds `day`."""
    first = shifted(shifted(day, days=-day.weekday()), days=7 * weeks)
    return Period(first=first, last=shifted(first, days=6), precision="week")


def part_of(period: Period, part: str) -> Period:
    """Return the early, middle or late part of a month or year; `end` of a year is its last month."""
    first, last = period.first, period.last
    if (last - first).days > 31:
        months = {"early": (1, 3), "middle": (5, 8), "late": (10, 12), "end": (12, 12)}[part]
        return months_of(first.year, *months, precision="span" if part != "end" else "month") or period
    days = {"early": (1, 10), "middle": (11, 20), "late": (21, 31), "end": (21, 31)}[part]
    return Period(first=first.replace(day=days[0]), last=first.replace(day=min(days[1], last.day)), precision="tenday")


def back_from(day: date, *, count: int, unit: str) -> Period:
    """Return the period of `count` units (day, week, month, year) that ends on `day`."""
    return Period(first=_moved(day, count=-count, unit=unit), last=day, precision="span")


def ahead_from(day: date, *, count: int, unit: str) -> Period:
    """Return the period of `count` units (day, week, month, year) that starts on `day`."""
    return Period(first=day, last=_moved(day, count=count, unit=unit), precision="span")


def around(day: date, *, ahead: bool) -> Period:
    """Return the days that "lately" or "soon" mean."""
    days = timedelta(days=VAGUE_DAYS)
    return Period(first=day if ahead else day - days, last=day + days if ahead else day, precision="vague")


def years_back(period: Period) -> Period:
    """Return the same days a year earlier; 29 February becomes the 28th."""
    first, last = (_moved(day, count=-1, unit="year") for day in (period.first, period.last))
    return Period(first=first, last=last, precision=period.precision)


def month_end(year: int, month: int) -> int:
    """Return the number of days in a month."""
    return calendar.monthrange(year, month)[1]


def shifted(day: date, *, days: int) -> date:
    """Return the day so many days later, held within the calendar."""
    ordinal = min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal())
    return date.fromordinal(ordinal)


def month_after(day: date, *, months: int) -> tuple[int, int]:
    """Return the year and month so many months later, held within the calendar."""
    count = min(max(12 * day.year + day.month - 1 + months, 12), 12 * date.max.year + 11)
    return count // 12, count % 12 + 1


def _moved(day: date, *, count: int, unit: str) -> date:
    if unit in ("day", "week"):
        return shifted(day, days=max(-(10**6), min(count, 10**6)) * (7 if unit == "week" else 1))
    year, month = month_after(day, months=max(-(10**6), min(count, 10**6)) * (12 if unit == "year" else 1))
    return date(year, month, min(day.day, month_end(year, month)))
