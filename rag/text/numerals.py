"""Reads numbers written in digits, in Chinese numerals and in English words; knows no units."""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
# No number has more numerals; a longer run is cut, which keeps reading linear in time.
HAN = "[零〇○一二两三四五六七八九十百千万亿]{1,32}(?:点[零〇一二三四五六七八九]{1,16})?"
_VALUES = {char: at for at, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
WORDS = {word: at for at, word in enumerate(_ONES)} | {word: 10 * at for at, word in enumerate(_TENS, 2)}
ENGLISH = rf"(?:(?:{'|'.join(_TENS)})-(?:{'|'.join(_ONES[1:10])})|{'|'.join(_ONES[2:] + _TENS)})"
_ALL_DIGITS = re.compile("[零〇○一二三四五六七八九]{2,}")


def read_digits(written: str) -> Decimal:
    """Return the value of a number in digits, with or without separators; trailing zeros are kept."""
    return Decimal(written.replace(",", ""))


def read_han(written: str) -> Decimal | None:
    """Return the value of a Chinese numeral, or `None` where the characters do not form one, as in 三五."""
    whole, _, decimals = written.partition("点")
    if _ALL_DIGITS.fullmatch(whole):
        return Decimal("".join(str(_VALUES[char]) for char in whole)) if len(whole) > 2 else None
    value = _whole(whole)
    if value is None or not decimals:
        return value
    return Decimal(f"{value}.{''.join(str(_VALUES[char]) for char in decimals)}")


def read_english(written: str) -> Decimal:
    """Return the value of a number word from zero to ninety-nine."""
    return Decimal(sum(WORDS[word] for word in written.lower().split("-")))


def read_number(written: str) -> Decimal | None:
    """Return the value of a number in digits or Chinese numerals."""
    return read_digits(written) if written[0].isascii() else read_han(written)


def _whole(written: str) -> Decimal | None:
    total, section, digit, place = 0, 0, None, 10**4
    for char in written:
        if char in _VALUES:
            if digit is not None and digit != 0:
                return None
            digit = _VALUES[char]
        elif char in _PLACES:
            if _PLACES[char] >= place or (digit == 0 and char != "十"):
                return None
            place = _PLACES[char]
            section += (1 if digit is None else digit) * place
            digit = None
        else:
            section += digit or 0
            # 百亿 and 万亿 alone stand for one of their kind.
            total, section, digit, place = (total + section or 1) * _MYRIADS[char], 0, None, 10**4
    return Decimal(total + section + (digit or 0))
