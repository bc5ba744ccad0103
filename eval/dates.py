"""Dates and times of day in one form, `2025年11月5日` and `17:00`, whatever they were written as."""

from __future__ import annotations

import re

NAMES = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
SHORT = {name[:3]: number for number, name in enumerate(NAMES, start=1)} | {"sept": 9}
MONTH_OF = {name: number for number, name in enumerate(NAMES, start=1)} | SHORT

_NAME = "|".join(sorted(MONTH_OF, key=len, reverse=True))
_DAY = r"([0-3]?[0-9])(?:st|nd|rd|th)?"
_YEAR = r"((?:19|20)[0-9]{2})"
ISO = re.compile(rf"(?<![0-9]){_YEAR}([-/.])([01]?[0-9])\2([0-3]?[0-9])(?![0-9])")
MONTH_FIRST = re.compile(rf"\b({_NAME})\.? {_DAY}(?![0-9])(?:,? {_YEAR}\b)?")
DAY_FIRST = re.compile(rf"\b{_DAY} (?:of )?({_NAME})\b\.?(?:,? {_YEAR}\b)?")
MONTH_YEAR = re.compile(rf"\b({_NAME})\.?,? (?:of )?{_YEAR}\b")
# "may", "march" and the abbreviations are words of their own when no number follows.
MONTH = re.compile(r"\b(january|february|april|june|july|august|september|october|november|december)\b")
PADDED = re.compile(r"(?<![0-9])0([1-9])(?=[月日时点号])")
NUMBERED_DAY = re.compile(r"(月[0-9]{1,2})号")
LATE = re.compile(r"(?:下午|晚上|晚间|晚) ?([0-9]{1,2})(?=[:时点])")
MORNING = re.compile(r"(?:上午|早上|凌晨) ?(?=[0-9]{1,2}[:时点])")
CLOCK = re.compile(r"(?<![0-9])([0-9]{1,2}) ?([ap])\.?m\b\.?|(?<![0-9])([0-9]{1,2}):([0-9]{2}) ?([ap])\.?m\b\.?")
HOUR_MINUTE = re.compile(r"(?<![0-9])([0-9]{1,2})[时点]([0-9]{1,2})分")
HOUR = re.compile(r"(?<![0-9.])([0-9]{1,2})时(?![间期段刻代])")
PADDED_HOUR = re.compile(r"(?<![0-9:])0([0-9]:[0-5][0-9])")
NOON = 12


def unify_dates(text: str) -> str:
    """Rewrite the dates and clock times in NFKC, case-folded text whose numerals are digits."""
    text = ISO.sub(lambda m: _chinese(m[1], month=int(m[3]), day=m[4]), text)
    text = DAY_FIRST.sub(lambda m: _chinese(m[3], month=MONTH_OF[m[2]], day=m[1]), text)
    text = MONTH_FIRST.sub(lambda m: _chinese(m[3], month=MONTH_OF[m[1]], day=m[2]), text)
    text = MONTH_YEAR.sub(lambda m: _chinese(m[2], month=MONTH_OF[m[1]], day=None), text)
    text = MONTH.sub(lambda m: f"{MONTH_OF[m[1]]}月", text)
    text = NUMBERED_DAY.sub(r"\1日", PADDED.sub(r"\1", text))
    return _clock(text)


def _chinese(year: str | None, *, month: int, day: str | None) -> str:
    return ("" if year is None else f"{year}年") + f"{month}月" + ("" if day is None else f"{int(day)}日")


def _clock(text: str) -> str:
    text = MORNING.sub("", LATE.sub(lambda m: str(_afternoon(int(m[1]))), text))
    text = CLOCK.sub(_from_english, text)
    text = HOUR_MINUTE.sub(lambda m: f"{int(m[1])}:{int(m[2]):02d}", text)
    return PADDED_HOUR.sub(r"\1", HOUR.sub(r"\1:00", text))


def _from_english(match: re.Match[str]) -> str:
    hour, minute = int(match[1] or match[3]), match[4] or "00"
    late = (match[2] or match[5]) == "p"
    return f"{_afternoon(hour) if late else hour % NOON}:{minute}"


def _afternoon(hour: int) -> int:
    return hour + NOON if hour < NOON else hour
