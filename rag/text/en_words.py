"""Spellings that the English date grammars share; reads no date itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.text.numerals import read_digits, read_english

if TYPE_CHECKING:
    from rag.text.periods import Period

WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
SHIFT = {"last": -1, "previous": -1, "past": -1, "this": 0, "current": 0, "the current": 0, "next": 1, "coming": 1, "following": 1,
          "the following": 1, "same": 0, "the same": 0}  # fmt: skip
Found = tuple[int, "Period | None", bool]


def count(written: str) -> int:
    """Return the value of a small number in digits or in words."""
    return int(read_digits(written) if written[0].isdigit() else read_english(written))
