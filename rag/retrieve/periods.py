"""Whether a passage is of the time that a question names: the periods of both, and how well they agree."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.text.marks import read_dates
from rag.text.periods import Period, relation, shifted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rag.text.dates import DateMention
    from rag.types import Article, Chunk

# How well a named period fits the asked one, from -1 (another time) to 1 (the same days).
SAME, PART, WHOLE, OVERLAPS, RUNNING, OTHER = 1.0, 0.6, 0.4, 0.2, 0.0, -1.0
# The day of publication alone: within the period or soon after it, or at another time.
PUBLISHED_THEN, PUBLISHED_ELSEWHERE = 0.3, -0.5
# A report appears within so many days after its period, or half the period's length if that is more.
SOON, LATEST = 20, 120
# A running total (January to March, to June, ...) is at least so many days long.
SHORTEST_TOTAL = 28
# The share of the better one where a chunk and its title name periods.
BETTER_SHARE = 0.6

KEPT = 4096
_DATED = re.compile(r"\d|年|季度|月|[周日天]|quarter|half|year|month|week|day", re.IGNORECASE)
# Says on which day the question is asked, not what time it is about.
_TODAY = re.compile(
    r"(?:今天|今日|现在|目前|此刻|眼下|\b(?:it is|it's|today(?: is)?|now))[^，。,?？]{0,24}$", re.IGNORECASE
)
_TODAY_IS = re.compile(r"今[天日]是?\d")


def asked_periods(text: str, *, as_of: date | None) -> tuple[Period, ...]:
    """Return the periods that a question names; 今年 and “last quarter” count from `as_of`.

    Left out are vague words (最近), and the day on which the question says it is asked. 截至10月底 is October.
    """
    return tuple(
        replace(period, first=period.last.replace(day=1)) if mention.bound == "until" else period
        for mention in _asked(text, as_of)
        if (period := mention.period) is not None
    )


def without_periods(text: str, *, as_of: date | None) -> str:
    """Return a question with blanks for the periods that it names."""
    for mention in reversed(_asked(text, as_of)):
        text = f"{text[: mention.span.start]} {text[mention.span.end :]}"
    return text


def _asked(text: str, as_of: date | None) -> list[DateMention]:
    return [
        mention
        for mention in (read_dates(text, reference=as_of) if _DATED.search(text) else [])
        if mention.period is not None
        and mention.period.precision != "vague"
        and not _TODAY.search(text[: mention.span.start])
        and not _TODAY_IS.match(text, mention.span.start)
    ]


class Titles:
    """The periods that titles name; the last ones read are kept. Safe to share between threads."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Period, ...]] = {}

    def periods(self, article: Article) -> tuple[Period, ...]:
        """Return the periods of an article's title; relative ones count from the day of publication."""
        found = self._kept.get(article.article_id)
        if found is None:
            named = read_dates(article.title, reference=article.published) if _DATED.search(article.title) else []
            found = tuple(row.period for row in named if row.period is not None)
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[article.article_id] = found
        return found


def chunk_periods(chunk: Chunk, article: Article) -> tuple[Period, ...]:
    """Return the periods that a chunk names, or else the last one that its article named before it."""
    rows = [row for row in article.particulars.events if row.kind != "signature"]
    named = [row for row in rows if chunk.start <= row.span.start < chunk.end]
    if not named:
        named = [row for row in rows if row.span.start < chunk.start][-1:]
    return tuple(Period(first=row.first, last=row.last, precision="span") for row in named)


def period_agreement(
    asked: Sequence[Period], named: Sequence[Period], *, title: Sequence[Period], published: date | None
) -> float:
    """Return how well a passage's time fits the asked periods, -1 to 1; 0 where one of the two is not known.

    A passage need fit one of several asked periods: a comparison is answered by several passages.
    """
    if not asked:
        return 0.0
    return max(_agreement(one, named, title=title, published=published) for one in asked)


def _agreement(one: Period, named: Sequence[Period], *, title: Sequence[Period], published: date | None) -> float:
    fits = [max(fit(one, other) for other in others) for others in (named, title) if others]
    if fits:
        return BETTER_SHARE * max(fits) + (1 - BETTER_SHARE) * min(fits)
    if published is None:
        return 0.0
    days = (one.last - one.first).days + 1
    end = shifted(one.last, days=max(SOON, min(LATEST, days // 2)))
    return PUBLISHED_THEN if one.first <= published <= end else PUBLISHED_ELSEWHERE


def fit(asked: Period, named: Period) -> float:
    """Return how well a named period fits an asked one, -1 to 1.

    A total that runs from the same first day to another last one is of another period, though one holds the other.
    """
    how = relation(named, asked)
    if how in ("before", "after"):
        return OTHER
    if how == "same":
        return SAME
    shorter = min((row.last - row.first).days + 1 for row in (asked, named))
    if named.first == asked.first and shorter >= SHORTEST_TOTAL:
        return RUNNING
    return {"inside": PART, "contains": WHOLE}.get(how, OVERLAPS)
