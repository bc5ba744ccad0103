"""Lies about figures: another digit, another unit, another scale."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from eval.lies.claim import Change

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

NUMBER = r"(?<![\d.A-Za-z\-/:：])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
# A date, a clock, a code or an address is no figure.
FIGURE = re.compile(NUMBER + r"(?![\d.,]*\d)(?!\s*(?:年|月|日|号|时|点|[:：\-/@A-Za-z]\S*\d|[A-Z]))")
YEAR = re.compile(r"(?:19|20)\d\d")
COUNTED = re.compile(
    r"(?<![第一二三四五六七八九十百千万亿两数几])[两三四五六七八九](?=[批家个项部名架层条人亿万倍成类种座台款所位处])"
)
NUMERALS = "两三四五六七八九"
WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
SPELT = re.compile(rf"\b(?:{'|'.join(WORDS)})\b(?= [a-z])")
SCALES = ("万亿", "亿", "万", "million", "billion", "trillion")
SCALED = re.compile(
    rf"(?P<number>{NUMBER})(?P<gap>\s?)(?P<scale>万亿|千万|百万|亿|万|千(?!瓦|米|克)|[mbtr]+illion\b|thousand\b)"
)
BARE = re.compile(
    rf"(?P<number>{NUMBER})(?P<unit>(?:元|人|家|吨|平方米|辆|台|户|件|个|项|公里)(?!百分点)"
    r"| (?:yuan|people|companies|enterprises|square met|projects|tons|jobs|vehicles))"
)
# Units of one line are never the same amount of the same thing.
UNITS = (
    ("元", "美元", "欧元", "日元"),
    ("公里", "米", "海里"),
    ("平方米", "平方公里", "亩", "公顷"),
    ("吨", "公斤", "克"),
    ("小时", "分钟", "秒"),
    ("个工作日", "天", "个月", "周"),
    ("%", "个百分点", "‰"),
    ("千瓦时", "兆瓦时"),
    ("千瓦", "兆瓦"),
    ("人次", "人", "户"),
    ("架次", "辆次"),
    ("yuan", "dollars", "euros"),
    ("percent", "percentage points", "basis points"),
    ("%", " percentage points"),
    ("kilometers", "miles", "meters"),
    ("kilometres", "miles", "metres"),
    ("square meters", "square kilometers", "hectares"),
    ("square metres", "square kilometres", "hectares"),
    ("tons", "kilograms", "ounces"),
    ("tonnes", "kilograms", "ounces"),
    ("hours", "minutes", "days"),
    ("days", "weeks", "months"),
    ("kilograms", "tons", "grams"),
)


def digits(text: str, chance: random.Random) -> Iterator[Change]:
    """Yield changes of one digit, or of one spelt number."""
    for match in FIGURE.finditer(text):
        if YEAR.fullmatch(match[0]):
            continue
        places = [at for at in range(match.start(), match.end()) if text[at].isdigit()]
        at = chance.choice(places)
        lowest = 1 if at == places[0] else 0
        digit = chance.choice([str(value) for value in range(lowest, 10) if str(value) != text[at]])
        number = text[match.start() : at] + digit + text[at + 1 : match.end()]
        yield Change(start=match.start(), end=match.end(), now=number, proof=(number + _after(text, match.end()),))
    for pattern, forms in ((COUNTED, NUMERALS), (SPELT, WORDS)):
        for match in pattern.finditer(text):
            form = chance.choice([row for row in forms if row != match[0]])
            value = str(forms.index(form) + 2)
            tail = _after(text, match.end())
            yield Change(start=match.start(), end=match.end(), now=form, proof=(form + tail, value + tail))


def units(text: str, chance: random.Random) -> Iterator[Change]:
    """Yield changes of the unit behind a number."""
    is_chinese = re.search(r"[\u3400-\u9fff]", text) is not None
    for row in UNITS:
        if is_chinese != any(re.search(r"[\u3400-\u9fff]", form) for form in row):
            continue
        for old in row:
            tail = r"(?![a-z元次时年])" if is_chinese else r"\b" if old[-1].isalpha() else ""
            number = rf"(?P<number>{NUMBER}(?:\s?(?:万亿|[万亿千百]|[mbtr]+illion|thousand))?\s?)"
            for match in re.finditer(number + re.escape(old) + tail, text):
                now = chance.choice([form for form in row if form != old])
                written = re.sub(" +", " ", match["number"] + now)
                yield Change(start=match.start(), end=match.end(), now=written, proof=(written,))


def scales(text: str, chance: random.Random) -> Iterator[Change]:
    """Yield changes of 万, 亿, million behind a number, and of their absence."""
    for match in SCALED.finditer(text):
        is_chinese = match["scale"][0] > "\u3400"
        forms = [form for form in SCALES if (form[0] > "\u3400") == is_chinese and form != match["scale"]]
        now = match["number"] + match["gap"] + chance.choice(forms)
        yield Change(start=match.start(), end=match.end(), now=now, proof=(now,))
    for match in BARE.finditer(text):
        if not YEAR.fullmatch(match["number"]):
            unit = match["unit"]
            scale = chance.choice(("万", "亿") if unit[0] > "\u3400" else (" thousand", " million"))
            now = match["number"] + scale + unit
            yield Change(start=match.start(), end=match.end(), now=now, proof=(match["number"] + scale,))


def _after(text: str, end: int) -> str:
    """Return what tells a number's measure apart: one character, or one word."""
    match = re.compile(r"\s?[A-Za-z]+|\s?\S").match(text, end)
    return "" if match is None or match[0].strip() in ",，。.、；;)）" else match[0]
