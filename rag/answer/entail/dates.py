"""Whether each date of a claim is in what it cites, read against the day of the article that says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.answer.entail.reading import read
from rag.text.periods import Period, relation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from rag.answer.entail.reading import Source
    from rag.text.dates import DateMention
    from rag.types import Passage

ABSENT = "date_not_in_source"


def date_problems(text: str, passages: Sequence[Passage], sources: Sequence[Source]) -> Iterator[str]:
    """Yield the dates of the claim `text` that no cited passage bears out.

    今年 in the claim may count from any of the articles that it cites. A passage bears a date out where it names the same
    days or days within them: 2025年 holds where the passage says 2025年11月.
    """
    readings = [read(text, reference=day) for day in dict.fromkeys(passage.published for passage in passages)]
    known = [row for source in sources for row in source.reading.dates]
    known += [row for passage in passages for row in read(passage.header, reference=passage.published).dates]
    days = [_day(passage.published) for passage in passages if passage.published is not None]
    for at, mention in enumerate(readings[0].dates):
        readings_of_it = [reading.dates[at] for reading in readings if at < len(reading.dates)]
        if not any(_stands(row, known, days) for row in readings_of_it):
            yield f"{ABSENT}: {readings[0].quoted(mention.span)}"


def _stands(claimed: DateMention, known: Sequence[DateMention], days: Sequence[Period]) -> bool:
    if claimed.minutes is not None and claimed.minutes not in [row.minutes for row in known]:
        return False
    if claimed.period is None or claimed.period.precision == "vague":
        return claimed.minutes is not None or any(
            row.period is None or row.period.precision == "vague" for row in known
        )
    periods = [row.period for row in known if row.period is not None and _bounds_agree(claimed, row)] + list(days)
    return any(relation(claimed.period, period) in ("same", "contains") for period in periods)


def _bounds_agree(claimed: DateMention, found: DateMention) -> bool:
    """Tell whether both look the same way from the day: 前 and 截至 back, 起 and 后 on; a bare date looks both ways."""
    sides = {"before": "back", "until": "back", "since": "on", "after": "on"}
    return len({sides[row.bound] for row in (claimed, found) if row.bound != "on"}) < 2


def _day(day: date) -> Period:
    return Period(first=day, last=day, precision="day")
