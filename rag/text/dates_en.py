"""The grammar of English dates: finds the date that starts at one place of levelled text, with what bounds it."""

from __future__ import annotations

import re

from rag.text import periods
from rag.text.clock import clock_at
from rag.text.dates import Bound, Context, DateMention, settled
from rag.text.en_calendar import bare_year, calendar_date
from rag.text.en_relative import relative_date, span_of_days
from rag.text.en_words import WEEKDAYS, Found
from rag.text.periods import Period
from rag.types import Span

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
    + WEEKDAYS
)
_AHEAD = re.compile(
    r"\b(?:will|starts?|begins?|due|next|follows?|resumes?|is set|are set|plans?|expected)\b", re.IGNORECASE
)
_YEAR_SAID = re.compile("year|last|next|this", re.IGNORECASE)


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


def _whole(text: str, start: int, context: Context) -> Found | None:
    # "The past five years" before "the past", a year last: the longer reading comes first.
    return (
        span_of_days(text, start, context)
        or calendar_date(text, start, context)
        or relative_date(text, start, context)
        or bare_year(text, start)
    )


def _part(text: str, start: int, context: Context) -> Found | None:
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
