"""The kind of thing that a question asks for, and whether a sentence holds one."""

from __future__ import annotations

import re
from enum import Enum, auto

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_ASKS_DAY = re.compile(
    r"哪[一]?[天日]|几[号点]|截止|截至|期限|日期|来得及|deadline|what (?:date|day|time)", re.IGNORECASE
)
_ASKS_TIME = re.compile(
    rf"{_ASKS_DAY.pattern}|何时|什么时[候间]|哪[一]?[年月]|时间|\bwhen\b|what (?:year|month)", re.IGNORECASE
)
_ASKS_RATE = re.compile(
    r"增速|增长率|增幅|涨幅|占比|比重|比例|百分之|同比|环比|率是|率为|率达|percent|percentage|proportion|share|rate|grow",
    re.IGNORECASE,
)
_ASKS_AMOUNT = re.compile(
    r"多少|几[个家项名位万亿成倍年天人款]|规模|多大|多高|多长|how (?:many|much|large|big|long|old)", re.IGNORECASE
)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_RATE = re.compile(r"\d(?:\.\d+)?\s*(?:%|％|个?百分点|成|倍|percent)|百分之")
_AMOUNT = re.compile(r"\d[\d,]*(?:\.\d+)?(?![\d.,]*\s*(?:%|％|个?百分点))")
_DAY = re.compile(rf"\d{{1,2}}\s*日|\d{{1,2}}[:：]\d{{2}}|\b(?:{_MONTHS}) \d|\b\d{{1,2}} (?:{_MONTHS})\b")
_TIME = re.compile(rf"\d{{1,2}}\s*月|\d{{4}}\s*年|\b(?:{_MONTHS})\b|\b(?:19|20)\d\d\b")


class Asked(Enum):
    """What an answer must hold."""

    RATE = auto()
    AMOUNT = auto()
    TIME = auto()
    ANYTHING = auto()


def asked_for(question: str) -> Asked:
    """Return the kind of thing that a question asks for, judged by its words."""
    if _ASKS_TIME.search(question):
        return Asked.TIME
    if _ASKS_RATE.search(question):
        return Asked.RATE
    return Asked.AMOUNT if _ASKS_AMOUNT.search(question) else Asked.ANYTHING


def holds(sentence: str, *, asked: Asked, question: str) -> bool:
    """Tell whether a sentence holds what is asked for; a number that the question itself gives does not count."""
    if asked is Asked.ANYTHING:
        return True
    if asked is Asked.TIME:
        wanted = (_DAY,) if _ASKS_DAY.search(question) else (_DAY, _TIME)
        return any(pattern.search(sentence) for pattern in wanted)
    if asked is Asked.RATE:
        return _RATE.search(sentence) is not None
    given = set(_NUMBER.findall(question))
    return any(number not in given for number in _AMOUNT.findall(sentence))
