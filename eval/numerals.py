"""Chinese numerals as digits, and figures with 万, 亿 or “billion” written out, in simplified, case-folded text."""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = {sign: value for value, signs in enumerate(("〇零○", *"一", "二两", *"三四五六七八九")) for sign in signs}
SMALL = {"十": 10, "百": 100, "千": 1000}
LARGE = {"亿": 10**8, "万": 10**4}
ENGLISH = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}

SIGNS = "〇零○一二两三四五六七八九十百千万亿"
# A sign beside an Arabic digit belongs to something else: 统一5家 is not 15 of anything.
NUMERAL = re.compile(rf"(?<![0-9.{SIGNS}])[{SIGNS}]++(?![0-9])")
# 千 before these is the prefix of a unit (5千瓦 stays 5 kW); 百分点 is one too.
SCALED = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?((?:[十万亿]|百(?!分)|千(?![瓦伏克米卡赫]))+)")
WORDED = re.compile(r"([0-9]+(?:\.[0-9]+)?)[ -]?(thousand|million|billion|trillion)\b")
SHORTEST_SEQUENCE = 3


def digits(text: str) -> str:
    """Replace each well-formed Chinese numeral by digits; what is not one (十四五, 万物) stays."""
    return NUMERAL.sub(lambda match: _spelled(match.group()), text)


def written_out(text: str) -> str:
    """Replace `4.72万亿`, `200 million` and the like by plain digits."""
    text = SCALED.sub(lambda match: _scaled(match.group(1), scale=match.group(2)), text)
    return WORDED.sub(lambda match: plain(Decimal(match.group(1)) * ENGLISH[match.group(2)]), text)


def plain(value: Decimal) -> str:
    """Write a decimal without exponent or trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scaled(number: str, *, scale: str) -> str:
    value = Decimal(number)
    for sign in scale:
        value *= (SMALL | LARGE)[sign]
    return plain(value)


def _spelled(run: str) -> str:
    if all(sign in DIGITS for sign in run):
        named = len(run) >= SHORTEST_SEQUENCE or len(run) == 1  # 二〇二五, but not 三五
        return "".join(str(DIGITS[sign]) for sign in run) if named else run
    value = _value(run)
    return run if value is None else str(value)


def _value(run: str) -> int | None:
    """Return what a numeral says; `None` where its signs do not form one."""
    for sign, size in LARGE.items():
        head, found, tail = run.rpartition(sign)
        if found:
            many, rest = _value(head), _value(tail) if tail else 0
            return None if not many or rest is None or rest >= size else many * size + rest
    return _below_ten_thousand(run)


def _below_ten_thousand(run: str) -> int | None:
    total, unit, pending = 0, 10_000, None
    for sign in run:
        if sign in DIGITS:
            if pending:
                return None
            pending = DIGITS[sign]
            continue
        size = SMALL[sign]
        if size >= unit or (pending is None and (size != SMALL["十"] or total)):
            return None
        total, unit, pending = total + (1 if pending is None else pending) * size, size, None
    if not run:
        return None
    return total + (pending or 0)
