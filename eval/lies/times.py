"""Lies about time: another year, month, day, part of a year or relative word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from eval.lies.claim import Change

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from datetime import date

YEAR = re.compile(r"(?<![\d.])(?:19|20)\d\d(?=年|[\s,.)）]|$)(?!年?代)")
MONTH = re.compile(r"(?<!\d)(?:1[0-2]|[1-9])(?=月(?!球|季))")
DAY = re.compile(r"(?<=月)(?:3[01]|[12]\d|[1-9])(?=日)")
MONTHS = tuple("January February March April May June July August September October November December".split())
NAMED_MONTH = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b(?! the)")
# Words of one line are never the same time when they are said on the same day.
WORDS = (
    ("前三季度", "上半年", "一季度"),
    ("上半年", "下半年"),
    ("第一季度", "第二季度", "第三季度"),
    ("一季度", "二季度", "四季度"),
    ("今年", "去年", "前年"),
    ("去年", "前年"),
    ("昨天", "前天", "今天"),
    ("昨日", "前日", "今日"),
    ("上月", "本月"),
    ("上午", "下午"),
    ("“十四五”", "“十三五”", "“十五五”"),
    ("first half", "second half"),
    ("first quarter", "second quarter", "fourth quarter"),
    ("third quarter", "second quarter", "fourth quarter"),
    ("three quarters", "two quarters"),
    ("last year", "this year"),
    ("this year", "last year"),
    ("on Monday", "on Wednesday"),
    ("on Tuesday", "on Thursday"),
    ("on Wednesday", "on Friday"),
    ("on Thursday", "on Saturday"),
    ("on Friday", "on Sunday"),
)
RELATIVE = {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1, "this year": 0, "last year": -1}


def periods(text: str, chance: random.Random, published: date | None) -> Iterator[Change]:
    """Yield changes of the time that a claim speaks of; words that mean the new time on that day must not be stated."""
    for match in YEAR.finditer(text):
        year = int(match[0]) + chance.choice((-3, -2, -1, 1, 2))
        yield Change(start=match.start(), end=match.end(), now=str(year), proof=(str(year), *_said(year, published)))
    for match in MONTH.finditer(text):
        month = chance.choice([value for value in range(1, 13) if str(value) != match[0]])
        yield Change(start=match.start(), end=match.end(), now=str(month), proof=(f"{month}月",))
    for match in DAY.finditer(text):
        day = chance.choice([value for value in range(1, 29) if str(value) != match[0]])
        yield Change(start=match.start(), end=match.end(), now=str(day), proof=(f"{day}日",))
    for match in NAMED_MONTH.finditer(text):
        name = chance.choice([value for value in MONTHS if value != match[0]])
        yield Change(start=match.start(), end=match.end(), now=name, proof=(name,))
    for old, *new in WORDS:
        for match in re.finditer(re.escape(old), text):
            now = chance.choice(new)
            yield Change(start=match.start(), end=match.end(), now=now, proof=(now, *_years(now, published)))


def _said(year: int, published: date | None) -> tuple[str, ...]:
    if published is None:
        return ()
    return tuple(word for word, offset in RELATIVE.items() if published.year + offset == year)


def _years(word: str, published: date | None) -> tuple[str, ...]:
    """Return the year that a relative word means, unless it is that of the day of publication, which is always stated."""
    if published is None or RELATIVE.get(word, 0) == 0:
        return ()
    return (f"{published.year + RELATIVE[word]}",)
