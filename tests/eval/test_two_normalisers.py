"""The evaluation's reading of figures and dates agrees with the answerer's, though they share no code."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations

import pytest

from eval.normalise import normalise
from rag.text.dates import DateMention
from rag.text.figures import Figure
from rag.text.marks import read_marks

AMOUNTS = ("5", "12", "57", "200", "360", "4.72", "0.45", "12.8", "1907.82")
SCALES = {"": Decimal(1), "万": Decimal(10**4), "亿": Decimal(10**8), "万亿": Decimal(10**12)}
WORDS = {"million": Decimal(10**6), "billion": Decimal(10**9), "trillion": Decimal(10**12)}
SPELLED = {"五": "5", "十二": "12", "五十七": "57", "二百": "200", "三百六十": "360"}
DAYS = ((2025, 11, 5), (2025, 11, 15), (2024, 3, 8), (2026, 1, 31))
NAMES = {1: "January", 3: "March", 11: "November"}


def money() -> list[str]:
    plain = [f"{amount}{scale}元" for amount in AMOUNTS for scale in SCALES]
    wide = ["".join(chr(ord(char) + 0xFEE0) if char.isdigit() else char for char in text) for text in plain]
    words = [f"{amount} {scale} yuan" for amount in AMOUNTS for scale in WORDS]
    return [*plain, *wide, *words, *(f"{name}元" for name in SPELLED), "40,721.17亿元", "40721.17亿元"]


def percentages() -> list[str]:
    return [
        form for amount in AMOUNTS for form in (f"{amount}%", f"{amount}％", f"百分之{amount}", f"{amount} percent")
    ]


def days() -> list[str]:
    return [
        form
        for year, month, day in DAYS
        for form in (
            f"{year}年{month}月{day}日",
            f"{year}-{month:02d}-{day:02d}",
            f"{NAMES[month]} {day}, {year}",
            f"{day} {NAMES[month]} {year}",
        )
    ]


def value(text: str) -> object:
    marks = read_marks(text)
    assert len(marks) == 1, (text, marks)
    mark = marks[0]
    if isinstance(mark, DateMention):
        assert mark.period is not None
        return mark.period
    assert isinstance(mark, Figure), (text, mark)
    return mark.low, mark.high, mark.unit


@pytest.mark.parametrize("spellings", [money, percentages, days], ids=["money", "percentages", "days"])
def test_both_call_the_same_spellings_equal(spellings: object) -> None:
    assert callable(spellings)
    forms = spellings()
    ours = {form: normalise(form) for form in forms}
    theirs = {form: value(form) for form in forms}
    apart = [
        (one, other)
        for one, other in combinations(forms, 2)
        if (ours[one] == ours[other]) != (theirs[one] == theirs[other])
    ]
    assert apart == []
