"""The value of a date in a text and what it is resolved against; the grammars of the two languages build it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from rag.text.periods import Period, day_of, month_after, month_of, years_back

if TYPE_CHECKING:
    from datetime import date

    from rag.types import Span

Bound = Literal["on", "since", "until", "before", "after"]
# A day or month without a year belongs to the year that brings it nearest to the reference.
HALF_YEAR = 184
SOON = 45


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A date, period or time of day as it is written.

    `period` is `None` for a time of day alone, and where the text counts from a day that is not known. `bound` says how a
    statement relates to it: 截至 and “as of” are `until`, 前 and “by” are `before`. `minutes` are the first and last minute
    of the day, 0 to 1440. `relative` is true where the reference decided part of it.
    """

    span: Span
    period: Period | None
    bound: Bound = "on"
    minutes: tuple[int, int] | None = None
    relative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a date is read against: the reference day, if known, and the date before it in the same sentence."""

    reference: date | None = None
    previous: Period | None = None
    previous_absolute: bool = False

    def year(self, offset: int) -> int | None:
        """Return the reference's year plus `offset`."""
        return None if self.reference is None else self.reference.year + offset

    def said_year(self) -> int | None:
        """Return the year that the sentence has named in full before."""
        previous = self.previous
        if previous is None or not self.previous_absolute or previous.first.year != previous.last.year:
            return None
        return previous.first.year

    def month_day(self, month: int, day: int) -> Period | None:
        """Return a day whose year is not written."""
        return self._nearest(lambda year: day_of(year, month, day))

    def month(self, month: int) -> Period | None:
        """Return a month whose year is not written."""
        return self._nearest(lambda year: month_of(year, month))

    def day(self, day: int) -> Period | None:
        """Return a day whose month is not written: of the month named before, else the nearest to the reference."""
        if self.previous is not None and self.previous.precision in ("day", "month", "tenday", "span"):
            return day_of(self.previous.last.year, self.previous.last.month, day)
        if self.reference is None:
            return None
        reference = self.reference
        months = (month_after(reference, months=offset) for offset in (0, -1, 1))
        found = [period for year, month in months if (period := day_of(year, month, day))]
        return min(found, key=lambda period: abs((period.first - reference).days), default=None)

    def _nearest(self, build: Builder) -> Period | None:
        said = self.said_year()
        if said is not None:
            return build(said)
        if self.reference is None:
            return None
        reference = self.reference
        found = [period for offset in (0, -1, 1) if (period := build(reference.year + offset))]
        return min(found, key=lambda period: abs((period.first - reference).days), default=None)


def settled(period: Period | None, bound: Bound, *, relative: bool, ahead: bool, context: Context) -> Period | None:
    """Return the period that its bound leaves: 截至 counts to its last day, and what has begun lies in the past.

    A day whose year is not written and that would lie months ahead lies behind, unless a word (`ahead`) says otherwise.
    """
    if period is None:
        return None
    reference = context.reference
    if relative and reference is not None and context.said_year() is None:
        days = (period.first - reference).days
        if (bound == "since" and days > 0) or (not ahead and SOON < days < HALF_YEAR):
            period = years_back(period)
    return replace(period, first=period.last, precision="day") if bound == "until" else period


if TYPE_CHECKING:
    from collections.abc import Callable

    Builder = Callable[[int], Period | None]
