"""The grammar of English dates: finds the date that starts at one place of levelled text."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.text import periods
from rag.text.clock import clock_at
from rag.text.dates import Bound, Context, DateMention, settled
from rag.text.numerals import ENGLISH, read_digits, read_english
from rag.text.periods import Period
from rag.types import Span

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
_WHEN_UNIT = re.compile(
    r"(?:the\s)?(?P<when>last|this|next|previous|current|coming|past|following|same)\s(?P<unit>year|month|week|quarter|decade)(?![A-Za-z])|(?P<to>year[- ]to[- ]date|so far this year)",
    re.IGNORECASE,
)
_SPAN = re.compile(
    rf"(?:the\s)?(?P<way>past|last|previous|next|coming)\s(?P<n>{ENGLISH}|\d{{1,3}})\s(?P<unit>year|month|week|day|decade)s?(?![A-Za-z])",
    re.IGNORECASE,
)
_YEARS = re.compile(rf"(?P<a>{_Y})\s?(?:[-–—]|to|and|through)\s?(?P<b>{_Y}|\d\d(?![\d-]))")
_ISO = re.compile(r"(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)(?:-(?P<d>\d\d))?(?!\d)")
_FISCAL = re.compile(r"(?:FY|fiscal(?: year)? )(?P<y>20\d\d|\d\d)(?!\d)", re.IGNORECASE)
_DECADE = re.compile(r"(?:the\s)?(?P<y>(?:18|19|20)\d0)s(?![A-Za-z])")
_CENTURY = re.compile(r"(?:the\s)?(?P<n>\d\d?)(?:st|nd|rd|th)\scentury", re.IGNORECASE)
_PLAN = re.compile(r"(?:the\s)?(?P<n>\d\d)(?:th|st|nd|rd)\sFive[- ]Year\sPlan(?:\speriod)?", re.IGNORECASE)
_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1, "tonight": 0}
_DAY = re.compile(r"(?:today|yesterday|tomorrow|tonight)(?![A-Za-z'’])", re.IGNORECASE)
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_WEEKDAY = re.compile(rf"(?:(?P<when>last|this|next)\s)?(?P<d>{'|'.join(_WEEKDAYS)})(?![A-Za-z])", re.IGNORECASE)
_PART = re.compile(
    r"(?:the\s)?(?P<part>end|beginning|start|middle)\sof\s(?:the\s)?(?=[A-Z12ltny])|(?P<word>early|mid|late)[- ](?:in\s)?(?=[A-Z12lnt])|(?P<yearend>(?:the\s)?year[- ]end)|(?P<later>later this year)",
    re.IGNORECASE,
)
_PARTS = {
    "end": "end",
    "beginning": "early",
    "start": "early",
    "middle": "middle",
    "early": "early",
    "mid": "middle",
    "late": "late",
}
_VAGUE = re.compile(r"(?:recently|in recent days)(?![A-Za-z])", re.IGNORECASE)
_BARE_YEAR = re.compile(
    r"(?<![\d.,$€£¥/-])(?:19[5-9]\d|20[0-4]\d)(?![\d%/]|[.,:]\d|-\w|\s?[万亿千百家个名人项元款米吨公平台套辆条次篇]|\s(?:yuan|people|companies|million|billion|vehicles|units|tonnes))"
)
_SHIFT = {"last": -1, "previous": -1, "past": -1, "this": 0, "current": 0, "the current": 0, "next": 1, "coming": 1, "following": 1,
          "the following": 1, "same": 0, "the same": 0}  # fmt: skip
_SINCE = re.compile(r"(?:since|starting(?: from| on| in)?|effective)\s(?:the\s)?$", re.IGNORECASE)
_UNTIL = re.compile(r"(?:as of|until|till|up to|through)\s(?:the\s)?$", re.IGNORECASE)
_BEFORE = re.compile(
    r"(?:by|before|no later than|not later than|prior to|ahead of|due(?: on)?)\s(?:the\s)?$", re.IGNORECASE
)
_AFTER = re.compile(r"(?:after)\s(?:the\s)?$", re.IGNORECASE)
_WEEKDAY_BEFORE = re.compile(r"\s?\((?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\)")
# Words that open a date; anything else cannot, which keeps prose fast.
OPENERS = frozenset(
    "the last this next previous current past coming today yesterday tomorrow tonight end beginning start middle early mid "
    "late later year first second third fourth fiscal fy recently so q1 q2 q3 q4 h1 h2 following "
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep "
    "sept oct nov dec same".split()
    + _WEEKDAYS
)
_AHEAD = re.compile(
    r"\b(?:will|starts?|begins?|due|next|follows?|resumes?|is set|are set|plans?|expected)\b", re.IGNORECASE
)
_YEAR_SAID = re.compile("year|last|next|this", re.IGNORECASE)
_Found = tuple[int, "Period | None", bool]


def date_at(text: str, start: int, *, context: Context, after: int) -> DateMention | None:
    """Return the date that starts at `start`, or `None`; nothing before `after` belongs to it."""
    found = _part(text, start, context) or _whole(text, start, context)
    if found is None:
        return None
    end, period, relative = found
    minutes = None
    if note := _WEEKDAY_BEFORE.match(text, end):
        end = note.end()
    if (period is None or period.first == period.last) and (clock := clock_at(text, end)):
        minutes, end = clock
    bound = _bound(text, Span(start, end), after)
    said = _YEAR_SAID.search(text, start, end) is not None
    ahead = said or bound == "before" or _AHEAD.search(text, max(0, start - 40), end + 24) is not None
    period = settled(period, bound, relative=relative and not said, ahead=ahead, context=context)
    return DateMention(span=Span(start, end), period=period, bound=bound, minutes=minutes, relative=relative)


def _whole(text: str, start: int, context: Context) -> _Found | None:
    readers = (_span, _plan, _day, _month, _quarter, _years, _unit, _weekday, _decade, _bare)
    return next((found for reader in readers if (found := reader(text, start, context))), None)


def _part(text: str, start: int, context: Context) -> _Found | None:
    """Read the end of October, early 2025, year-end."""
    found = _PART.match(text, start)
    if found is None:
        return None
    if found["yearend"] or found["later"]:
        year = context.year(0)
        whole = None if year is None else periods.years_of(year, year, precision="year")
        if whole is None or context.reference is None:
            return found.end(), None, True
        if found["later"]:
            return found.end(), Period(first=context.reference, last=whole.last, precision="span"), True
        return found.end(), periods.part_of(whole, "end"), True
    rest = _whole(text, found.end(), context)
    if rest is None:
        return None
    end, period, relative = rest
    part = _PARTS[(found["part"] or found["word"]).lower()]
    if period is None or period.precision not in ("month", "year"):
        return None if period is not None and period.precision not in ("decade", "quarter") else rest
    return end, periods.part_of(period, part), relative


def _year(written: str | None, context: Context) -> tuple[int | None, bool]:
    if written is None:
        return None, True
    if written.isdigit():
        return int(written), False
    return context.year(_SHIFT[written.split()[0].lower()]), True


def _month_number(written: str) -> int:
    return _MONTHS.index(written[:3].lower()) + 1


def _day_number(written: str) -> int:
    return int(re.sub(r"\D", "", written))


def _day(text: str, start: int, context: Context) -> _Found | None:
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


def _month(text: str, start: int, context: Context) -> _Found | None:
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
    if _SHIFT[when] < 0:
        year -= 0 if month < now else 1
    elif _SHIFT[when] > 0:
        year += 0 if month > now else 1
    return periods.month_of(year, month)


def _quarter(text: str, start: int, context: Context) -> _Found | None:
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
    if count := groups.get("n"):
        return periods.quarters_of(year, 1, 2 if count.lower() in ("two", "2") else 3)
    if months := groups.get("months"):
        return periods.months_of(year, 1, _count(months), precision="span")
    number = int(groups["q"]) if "q" in groups else _ORDINALS[groups["o"].lower()]
    return periods.quarters_of(year, number, number)


def _count(written: str) -> int:
    return int(read_digits(written) if written[0].isdigit() else read_english(written))


def _years(text: str, start: int, context: Context) -> _Found | None:
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


def _unit(text: str, start: int, context: Context) -> _Found | None:
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
    return found.end(), _shifted(reference, unit, _SHIFT[when]), True


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


def _span(text: str, start: int, context: Context) -> _Found | None:
    """Read the past three years, the next 10 days."""
    found = _SPAN.match(text, start)
    if found is None:
        return None
    if context.reference is None:
        return found.end(), None, True
    count, unit = _count(found["n"]), found["unit"].lower()
    if unit == "decade":
        count, unit = 10 * count, "year"
    build = periods.ahead_from if found["way"].lower() in ("next", "coming") else periods.back_from
    return found.end(), build(context.reference, count=count, unit=unit), True


def _weekday(text: str, start: int, context: Context) -> _Found | None:
    if found := _DAY.match(text, start):
        return _on_day(found.end(), context, _DAYS[found[0].lower()])
    if found := _VAGUE.match(text, start):
        return found.end(), None if context.reference is None else periods.around(context.reference, ahead=False), True
    found = _WEEKDAY.match(text, start)
    if found is None:
        return None
    if context.reference is None:
        return found.end(), None, True
    back = (context.reference.weekday() - _WEEKDAYS.index(found["d"].lower())) % 7
    when = (found["when"] or "").lower()
    if when == "next":
        return _on_day(found.end(), context, 7 - back if back else 7)
    if when == "last":
        return _on_day(found.end(), context, -(back or 7))
    return _on_day(found.end(), context, -back if back < 4 else 7 - back)


def _on_day(end: int, context: Context, shift: int) -> _Found:
    if context.reference is None:
        return end, None, True
    day = periods.shifted(context.reference, days=shift)
    return end, Period(first=day, last=day, precision="day"), True


def _decade(text: str, start: int, context: Context) -> _Found | None:
    if found := _DECADE.match(text, start):
        year = int(found["y"])
        return found.end(), periods.years_of(year, year + 9, precision="decade"), False
    if found := _CENTURY.match(text, start):
        number = max(1, int(found["n"]))
        return found.end(), periods.years_of(max(1, 100 * number - 100), 100 * number - 1, precision="century"), False
    return None


def _plan(text: str, start: int, context: Context) -> _Found | None:
    if found := _PLAN.match(text, start):
        period = periods.plan_of(int(found["n"]))
        return None if period is None else (found.end(), period, False)
    return None


def _bare(text: str, start: int, context: Context) -> _Found | None:
    if fiscal := _FISCAL.match(text, start):
        year = int(fiscal["y"]) % 100 + 2000
        return fiscal.end(), periods.years_of(year, year, precision="year"), False
    found = _BARE_YEAR.match(text, start)
    if found is None:
        return None
    return found.end(), periods.years_of(int(found[0]), int(found[0]), precision="year"), False


def _bound(text: str, span: Span, after: int) -> Bound:
    head = text[max(after, span.start - 22) : span.start]
    for pattern, bound in _BOUNDS:
        if pattern.search(head):
            return bound
    return "on"


_BOUNDS: tuple[tuple[re.Pattern[str], Bound], ...] = (
    (_SINCE, "since"),
    (_UNTIL, "until"),
    (_BEFORE, "before"),
    (_AFTER, "after"),
)

if TYPE_CHECKING:
    from datetime import date
