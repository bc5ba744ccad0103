"""English dates that count from the reference day: yesterday, next Monday, the past five years."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.text import periods
from rag.text.numerals import ENGLISH
from rag.text.periods import Period

if TYPE_CHECKING:
    from datetime import date

    from rag.text.dates import Context

from rag.text.en_words import SHIFT, WEEKDAYS, Found, count

_WHEN_UNIT = re.compile(
    r"(?:the\s)?(?P<when>last|this|next|previous|current|coming|past|following|same)\s(?P<unit>year|month|week|quarter|decade)(?![A-Za-z])|(?P<to>year[- ]to[- ]date|so far this year)",
    re.IGNORECASE,
)
_SPAN = re.compile(
    rf"(?:the\s)?(?P<way>past|last|previous|next|coming)\s(?P<n>{ENGLISH}|\d{{1,3}})\s(?P<unit>year|month|week|day|decade)s?(?![A-Za-z])",
    re.IGNORECASE,
)
_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1, "tonight": 0}
_DAY = re.compile(r"(?:today|yesterday|tomorrow|tonight)(?![A-Za-z'’])", re.IGNORECASE)
_WEEKDAY = re.compile(rf"(?:(?P<when>last|this|next)\s)?(?P<d>{'|'.join(WEEKDAYS)})(?![A-Za-z])", re.IGNORECASE)
_VAGUE = re.compile(r"(?:recently|in recent days)(?![A-Za-z])", re.IGNORECASE)


def relative_date(text: str, start: int, context: Context) -> Found | None:
    """Return the end and period of a date that counts from the reference day."""
    return _unit(text, start, context) or _weekday(text, start, context)


def _unit(text: str, start: int, context: Context) -> Found | None:
    found = _WHEN_UNIT.match(text, start)
    if found is None:
        return None
    reference = context.reference
    if reference is None:
        return found.end(), None, True
    if found["to"]:
        return found.end(), Period(first=reference.replace(month=1, day=1), last=reference, precision="span"), True
    when, unit = found["when"].lower(), found["unit"].lower()
    if when == "past":
        return (
            found.end(),
            periods.back_from(
                reference,
                count=10 if unit == "decade" else 3 if unit == "quarter" else 1,
                unit={"decade": "year", "quarter": "month"}.get(unit, unit),
            ),
            True,
        )
    return found.end(), _shifted(reference, unit, SHIFT[when]), True


def _shifted(reference: date, unit: str, shift: int) -> Period | None:
    if unit == "week":
        return periods.week_of(reference, weeks=shift)
    if unit == "year":
        return periods.years_of(reference.year + shift, reference.year + shift, precision="year")
    if unit == "decade":
        first = (reference.year // 10 + shift) * 10
        return periods.years_of(first, first + 9, precision="decade")
    year, month = periods.month_after(reference, months=shift * (3 if unit == "quarter" else 1))
    return (
        periods.month_of(year, month)
        if unit == "month"
        else periods.quarters_of(year, (month + 2) // 3, (month + 2) // 3)
    )


def span_of_days(text: str, start: int, context: Context) -> Found | None:
    """Read the past three years, the next 10 days."""
    found = _SPAN.match(text, start)
    if found is None:
        return None
    if context.reference is None:
        return found.end(), None, True
    number, unit = count(found["n"]), found["unit"].lower()
    if unit == "decade":
        number, unit = 10 * number, "year"
    build = periods.ahead_from if found["way"].lower() in ("next", "coming") else periods.back_from
    return found.end(), build(context.reference, count=number, unit=unit), True


def _weekday(text: str, start: int, context: Context) -> Found | None:
    if found := _DAY.match(text, start):
        return _on_day(found.end(), context, _DAYS[found[0].lower()])
    if found := _VAGUE.match(text, start):
        return found.end(), None if context.reference is None else periods.around(context.reference, ahead=False), True
    found = _WEEKDAY.match(text, start)
    if found is None:
        return None
    if context.reference is None:
        return found.end(), None, True
    back = (context.reference.weekday() - WEEKDAYS.index(found["d"].lower())) % 7
    when = (found["when"] or "").lower()
    if when == "next":
        return _on_day(found.end(), context, 7 - back if back else 7)
    if when == "last":
        return _on_day(found.end(), context, -(back or 7))
    return _on_day(found.end(), context, -back if back < 4 else 7 - back)


def _on_day(end: int, context: Context, shift: int) -> Found:
    if context.reference is None:
        return end, None, True
    day = periods.shifted(context.reference, days=shift)
    return end, Period(first=day, last=day, precision="day"), True
