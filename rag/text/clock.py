"""Reads a time of day at one place of levelled text: 14:00, 上午9时30分, 9 a.m.; as minutes from midnight."""

from __future__ import annotations

import re

_N = r"(?:\d{1,2}|十[一二]?|二十[一二三四]?|[一二三四五六七八九])"
_HALF = "凌晨|早上|早晨|清晨|上午|中午|下午|傍晚|晚上|晚间|夜间|今晚|晚|午夜"
_ZH = re.compile(
    rf"\s?(?P<half>{_HALF})?\s?(?:(?P<h>\d{{1,2}}):(?P<m>[0-5]\d)(?::[0-5]\d)?(?!\d)|(?P<hz>{_N})(?:时(?!代|间|速|尚)|点(?!位|击|评|线|对|半?[^半整零一二三四五六七八九十\d前，。；、,)）—\-至到开起分左许以之]))(?:(?P<mz>[0-5]?\d)分|(?P<word>半|整|三刻|一刻))?)"
)
_EN = re.compile(r",?\s?(?:at\s)?(?P<h>\d{1,2})(?::(?P<m>[0-5]\d))?\s?(?P<half>[ap])\.?m\b\.?", re.IGNORECASE)
_EN_24 = re.compile(r",?\s(?:at\s)?(?P<h>\d{1,2}):(?P<m>[0-5]\d)(?!\d)")
_TO = re.compile(r"\s?(?:[-–—~～－至到]|——|to)\s?(?=[\d上下中晚次])")
_PM = frozenset("下午 傍晚 晚上 晚间 夜间 今晚 晚 午夜".split())
_WORDS = {"半": 30, "整": 0, "一刻": 15, "三刻": 45}
_HAN = {char: at for at, char in enumerate("零一二三四五六七八九")}


def clock_at(text: str, start: int) -> tuple[tuple[int, int], int] | None:
    """Return the first and last minute of the time or times at `start`, and where they end."""
    first = _one(text, start, half=None)
    if first is None:
        return None
    minute, end, half = first
    if (to := _TO.match(text, end)) and (last := _one(text, to.end(), half=half)) and last[0] > minute:
        return (minute, last[0]), last[1]
    return (minute, minute), end


def _one(text: str, start: int, *, half: str | None) -> tuple[int, int, str | None] | None:
    """Return minute, end and half of the day; `half` is what the time before it said."""
    for pattern in (_EN, _ZH, _EN_24):
        found = pattern.match(text, start)
        if found is None:
            continue
        groups = found.groupdict()
        hour = int(groups["h"]) if groups["h"] else _hour(groups["hz"])
        minute = int(groups.get("m") or groups.get("mz") or _WORDS.get(groups.get("word") or "", 0))
        said = groups.get("half") or half
        if hour > 24 or (hour == 24 and minute):
            return None
        return 60 * _on_24(hour, said) + minute, found.end(), said
    return None


def _on_24(hour: int, half: str | None) -> int:
    if half is not None and half[0] in "aA":
        return hour % 12
    late = half is not None and (half in _PM or half[0] in "pP")
    return hour + 12 if late and hour < 12 else hour


def _hour(written: str) -> int:
    if written[0] in "0123456789":
        return int(written)
    tens, mark, ones = written.partition("十")
    if not mark:
        return _HAN[written]
    return 10 * (_HAN[tens] if tens else 1) + (_HAN[ones] if ones else 0)
