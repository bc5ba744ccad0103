"""Reads a number with its scale and unit at one place of levelled text: 1,234.5亿元, 3至5家, $4.07 billion."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from rag.text.figures import Figure, Qualifier
from rag.text.numerals import DIGITS, ENGLISH, HAN, read_english, read_number
from rag.text.qualifiers import qualifier_around
from rag.text.units import SCALES, SIGNS, Unit, unit_at
from rag.types import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A number with its scale and unit, as far as they are written; `end` is where they end."""

    start: int
    end: int
    amount: Decimal
    power: int | None = None
    unit: Unit | None = None
    qualifier: Qualifier = "exact"


NUMBER = re.compile(rf"{DIGITS}|{HAN}")
_WORD = re.compile(rf"{ENGLISH}(?![A-Za-z])", re.IGNORECASE)
_HAN_SCALE = re.compile("万亿|千亿|百亿|十亿|亿|千万|百万|十万|万(?!向)|千(?![瓦米克伏帕赫卡焦])|百(?!分)")
_LATIN_SCALE = re.compile(r"(?:trillion|billion|million|thousand|hundred)\b|(?:tn|bn|mn)\b", re.IGNORECASE)
_LETTER_SCALE = re.compile(r"[mkbMKB](?![A-Za-z0-9])")
_LETTERS = {"m": 6, "k": 3, "b": 9}
_MORE = re.compile("余|多(?!元化)|来(?=[个名位家岁年])")
_MORE_AFTER_DURATION = re.compile("多(?![元样次])")
_TO = re.compile(
    r"\s?(?:[-–—~～至到－]|——)\s?(?=[$€£¥\d零一二两三四五六七八九十百])[$€£¥]?|\s(?:to|and)\s(?=[$€£¥\da-z])[$€£¥]?"
)
_BETWEEN = re.compile(r"(?:between)\s(?:[A-Z]{2,3})?[$€£¥]?$", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s[$€£¥]?$", re.IGNORECASE)
_SIGN = re.compile(r"(?:US\$|HK\$|S\$|[$€£¥￥]|(?<![A-Za-z])(?:RMB|CNY|USD|HKD|EUR|GBP))\s?$")
_PER = re.compile(r"/|每")
_MINUS = re.compile(r"(?:^|[\s(（:：,，、；/在为到至是达约润额率长幅温益])[-−–]$|(?:负|零下)$")


def quantity_at(text: str, start: int, *, after: int) -> Figure | None:
    """Return the figure whose number starts at `start`; nothing before `after` belongs to it."""
    first = _part_at(text, start)
    if first is None:
        return None
    begin, unit, sign = _signed(text, start, after)
    last, upper = _upper(text, start, first, after)
    if unit is not None:
        first, last = (
            _in_currency(text, start, first, unit),
            None if last is None else _in_currency(text, last.start, last, unit),
        )
    inherits = last is not None and first.power is None and (first.unit is None or unit is not None)
    power = last.power if inherits and last is not None else first.power
    chosen = first.unit or (last.unit if last else None)
    scale = Decimal(10) ** (power or 0) * (chosen.factor if chosen else 1)
    if last is not None and upper is not None:
        low, high = _on_one_scale(first, last, scale=scale)
        if low >= high:
            last, scale = None, Decimal(10) ** (first.power or 0) * (first.unit.factor if first.unit else 1)
            chosen, low, high = first.unit, first.amount, first.amount
    else:
        low = high = first.amount
    end = first.end if last is None else last.end
    span = Span(begin, end)
    said = qualifier_around(text, span, after=after)
    inner = first.qualifier if last is None else last.qualifier
    return Figure(
        span=span,
        kind=chosen.kind if chosen else "number",
        amount=low * sign,
        scale=scale,
        unit=chosen.name if chosen else "",
        qualifier=inner if said == "exact" or inner == "over" else said,
        upper=None if last is None else high,
    )


def _part_at(text: str, start: int) -> _Part | None:
    number = NUMBER.match(text, start)
    if number is None:
        word = _WORD.match(text, start)
        return replace(_measured(text, word.end(), read_english(word[0])), start=start) if word else None
    amount = read_number(number[0])
    if amount is None:
        return None
    part = replace(_measured(text, number.end(), amount), start=start)
    return _joined(text, part) if text[start].isascii() else part


def _measured(text: str, end: int, amount: Decimal) -> _Part:
    """Read what follows a number that ends at `end`: 余 or 多, a scale, 余 or 多, a unit, more units under a stroke."""
    more = _MORE.match(text, end)
    at = more.end() if more else end
    if text[at : at + 1] == "级" and text[at - 1] in "百千万亿":
        return _Part(start=at, end=at + 1, amount=amount, qualifier="about")
    unit, at_unit = _unit(text, at)
    power = None
    if unit is None:
        power, at_scale = _scale(text, at)
        if power is not None:
            at = at_scale
        inner = _MORE.match(text, at)
        more, at = (inner, inner.end()) if inner else (more, at)
        if power is not None and text[at : at + 1] == "级":
            return _Part(start=at, end=at + 1, amount=amount, power=power, qualifier="about")
        unit, at_unit = _unit(text, at)
    if unit is not None:
        unit, at = _compound(text, unit, at_unit)
        if unit.kind == "duration" and (inner := _MORE_AFTER_DURATION.match(text, at)):
            more, at = inner, inner.end()
    return _Part(start=at, end=at, amount=amount, power=power, unit=unit, qualifier="over" if more else "exact")


def _joined(text: str, part: _Part) -> _Part:
    """Join 3亿5000万元: a second number on a lower scale continues the first."""
    number = NUMBER.match(text, part.end) if part.power is not None and part.unit is None else None
    if number is None or not number[0].isascii() or part.power is None:
        return part
    amount = read_number(number[0])
    if amount is None:
        return part
    rest = _measured(text, number.end(), amount)
    lower = rest.power or 0
    if lower >= part.power or amount.scaleb(lower) >= Decimal(10) ** part.power:
        return part
    total = part.amount + amount.scaleb(lower - part.power)
    return _Part(
        start=part.start, end=rest.end, amount=total, power=part.power, unit=rest.unit, qualifier=rest.qualifier
    )


def _in_currency(text: str, start: int, part: _Part, unit: Unit) -> _Part:
    """Return an amount whose currency stands before it; the m of €95m is a million and no metre."""
    end, power = part.end, part.power
    if part.unit is not None and text[end - 1] in "mM" and text[end - 2].isdigit():
        power = _LETTERS["m"]
    elif part.unit is not None and part.unit.name != unit.name:
        number = NUMBER.match(text, start)
        power, end = _scale(text, number.end()) if number else (power, end)
    return replace(part, end=end, power=power, unit=unit)


def _scale(text: str, at: int) -> tuple[int | None, int]:
    if found := _HAN_SCALE.match(text, at):
        return SCALES[found[0]], found.end()
    skip = at + 1 if text[at : at + 1] in (" ", "-") else at
    if found := _LATIN_SCALE.match(text, skip):
        return SCALES[found[0].lower()], found.end()
    if text[skip : skip + 1] in "亿万" and text[skip : skip + 1]:
        found = _HAN_SCALE.match(text, skip)
        return (SCALES[found[0]], found.end()) if found else (None, at)
    if found := _LETTER_SCALE.match(text, at):
        return _LETTERS[found[0].lower()], found.end()
    return None, at


def _unit(text: str, at: int) -> tuple[Unit | None, int]:
    skip = at + 1 if text[at : at + 1] in (" ", "-", "\u00a0") else at
    found = unit_at(text, skip)
    if found is None or (skip > at and text[at] == "-" and not text[skip].isascii()):
        return None, at
    return found


def _compound(text: str, unit: Unit, at: int) -> tuple[Unit, int]:
    """Read the unit below a stroke: 元/平方米, 瓦时/千克."""
    stroke = _PER.match(text, at)
    if stroke is None or unit.kind in ("count", "percent", "points", "times"):
        return unit, at
    below, end = _unit(text, stroke.end())
    if below is None or end == stroke.end():
        return unit, at
    return Unit(name=f"{unit.name}/{below.name}", kind=unit.kind, factor=unit.factor / below.factor), end


def _signed(text: str, start: int, after: int) -> tuple[int, Unit | None, int]:
    """Return where a currency sign or minus before the number begins, the sign's unit, and -1 for a minus."""
    head = text[max(after, start - 5) : start]
    if found := _SIGN.search(head):
        return start - len(head) + found.start(), Unit(name=SIGNS[found[0].strip()], kind="money"), 1
    if found := _MINUS.search(head):
        return start - len(found[0].lstrip(" (（:：,，、；/\t\n在为到至是达约润额率长幅温益")), None, -1
    return start, None, 1


def _upper(text: str, start: int, first: _Part, after: int) -> tuple[_Part | None, Decimal | None]:
    """Return the other end of a range, where one is written."""
    to = _TO.match(text, first.end)
    if to is None or first.qualifier == "over":
        return None, None
    if to[0].strip() == "and" and not _BETWEEN.search(text[max(after, start - 12) : start]):
        return None, None
    # "From 2 tonnes to 3 tonnes" is a change between two figures, "2 to 3 tonnes" a range.
    if to[0].strip() == "to" and first.unit is not None and _FROM.search(text[max(after, start - 10) : start]):
        return None, None
    last = _part_at(text, to.end())
    if last is None or (first.unit is not None and last.unit is not None and first.unit.name != last.unit.name):
        return None, None
    if first.unit is not None and last.unit is None:
        return None, None
    return last, last.amount


def _on_one_scale(first: _Part, last: _Part, *, scale: Decimal) -> tuple[Decimal, Decimal]:
    """Return both ends as multiples of the range's scale; 5000至1万 leaves its lower end unscaled."""
    upper_scale = Decimal(10) ** (last.power or 0) * (last.unit.factor if last.unit else 1)
    high = last.amount * upper_scale / scale
    low = first.amount
    if first.power is None and low >= high and last.power is not None:
        low = low / Decimal(10) ** last.power
    return low, high
