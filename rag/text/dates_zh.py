"""The grammar of Chinese dates: finds the date that starts at one place of levelled text, with what bounds it."""

from __future__ import annotations

import re

from rag.text import periods
from rag.text.clock import clock_at
from rag.text.dates import Bound, Context, DateMention, settled
from rag.text.periods import Period
from rag.text.zh_calendar import calendar_date
from rag.text.zh_relative import relative_date, span_of_days
from rag.text.zh_words import MONTH_PARTS, NAMED_YEARS, TO, N, Y, whole_number, year_number
from rag.types import Span

_WEEKDAY_NOTE = re.compile("[（(](?:周|星期)[一二三四五六日天][）)]")
_TO_DAY = re.compile(
    rf"{TO}(?=\d|[一二三四五六七八九十去今明次])(?:(?:(?P<year>{Y})年|(?P<named>今|本|去|明|次)年)?(?P<month>{N})月)?(?:(?P<day>{N})[日号])?(?P<part>底|末|初|上旬|中旬|下旬)?"
)
# Days that share one sign: 12月2-5日, 10月28、29日.
_DAYS = re.compile(rf"\s?(?P<first>{N})(?:{TO}|、)(?P<last>{N})[日号]")
_SINCE_AFTER = re.compile("以来|[日月年周]?起(?![步来草诉源到])|至今|迄今")
_AFTER_AFTER = re.compile("[以之]后|后(?![天台续勤期年备方])")
_BEFORE_AFTER = re.compile("[以之]前|前(?![三两二四后来往期\\d]|十)")
_AHEAD = re.compile("[将拟]|预计|计划|届时|截止|截至|预期|有望|起施行|前")
_YEAR_SAID = re.compile("[今本去明次前未当]|[上下](?!旬)")
_STRICT_UNTIL = re.compile(r"(?:截至|截止到?|截止至)[“]?$")
_SINCE_BEFORE = re.compile(r"(?:自从?|从|始于|起于)[“]?$")
_BY_STRICT = re.compile(r"(?:不迟于|不晚于|最迟(?:于|在)?|最晚(?:于|在)?|早于)[“]?$")


def date_at(text: str, start: int, *, context: Context, after: int) -> DateMention | None:
    """Return the date that starts at `start`, or `None`; nothing before `after` belongs to it."""
    found = (
        span_of_days(text, start, context) or calendar_date(text, start, context) or relative_date(text, start, context)
    )
    if found is None:
        return None
    end, period, relative = found
    return _finished(text, Span(start, end), period, relative=relative, context=context, after=after)


def _finished(
    text: str, span: Span, period: Period | None, *, relative: bool, context: Context, after: int
) -> DateMention:
    """Add what stands around a date: the other end of a range, a time of day, the words that bound it."""
    end = span.end
    if note := _WEEKDAY_NOTE.match(text, end):
        end = note.end()
    minutes = None
    if (
        period is not None
        and period.precision in ("day", "month", "tenday")
        and (to := _range_end(text, end, period, context))
    ):
        period, end = to
        if note := _WEEKDAY_NOTE.match(text, end):
            end = note.end()
    if (period is None or period.first == period.last or period.precision == "span") and (clock := clock_at(text, end)):
        minutes, end = clock
    bound = _bound(text, Span(span.start, end), after)
    if bound == "since" and period is not None and period.precision == "span":
        bound = "on"
    said = _YEAR_SAID.search(text, span.start, end) is not None
    ahead = said or bound == "before" or _AHEAD.search(text, span.start - min(8, span.start), end + 14) is not None
    period = settled(period, bound, relative=relative and not said, ahead=ahead, context=context)
    if (
        text.startswith("以来", end)
        and period is not None
        and context.reference is not None
        and context.reference > period.first
    ):
        period = Period(first=period.first, last=context.reference, precision="span")
    return DateMention(span=Span(span.start, end), period=period, bound=bound, minutes=minutes, relative=relative)


def _range_end(text: str, end: int, first: Period, context: Context) -> tuple[Period, int] | None:
    """Read the second day or month of a range, in the first one's year and month unless it names its own."""
    if first.precision == "month" and (days := _DAYS.match(text, end)):
        ends = [
            periods.day_of(first.first.year, first.first.month, whole_number(days[name])) for name in ("first", "last")
        ]
        if ends[0] is not None and ends[1] is not None and ends[0].first < ends[1].first:
            return Period(first=ends[0].first, last=ends[1].last, precision="span"), days.end()
    found = _TO_DAY.match(text, end)
    if found is None or not (found["month"] or found["day"]):
        return None
    year = year_number(found["year"]) if found["year"] else first.last.year
    if found["named"]:
        year = (context.year(NAMED_YEARS[found["named"]]) or first.last.year) if found["named"] != "次" else year + 1
    month = whole_number(found["month"]) if found["month"] else first.last.month
    if not (found["year"] or found["named"]) and month < first.last.month:
        year += 1
    last = periods.day_of(year, month, whole_number(found["day"])) if found["day"] else periods.month_of(year, month)
    if last is not None and found["part"]:
        last = periods.part_of(last, MONTH_PARTS[found["part"]])
    if last is None or last.last <= first.first:
        return None
    return Period(first=first.first, last=last.last, precision="span"), found.end()


def _bound(text: str, span: Span, after: int) -> Bound:
    head = text[max(after, span.start - 8) : span.start]
    if _STRICT_UNTIL.search(head):
        return "until"
    if _SINCE_AFTER.match(text, span.end) or (_SINCE_BEFORE.search(head) and not _AFTER_AFTER.match(text, span.end)):
        return "since"
    if _BEFORE_AFTER.match(text, span.end) or _BY_STRICT.search(head):
        return "before"
    return "after" if _AFTER_AFTER.match(text, span.end) else "on"
