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
# What follows the question word, or stands for it, and the units that an answer may have then.
_UNITS = (
    (
        re.compile(
            r"(?:多少|几)[千百万亿]*[美港欧日]?元|多少钱|票价|价格|租金|奖金|资金|how much money|\bprice\b|\bcosts?\b"
        ),
        "元|dollars?|yuan|RMB",
    ),
    (
        re.compile(r"多长(?!时间)|多少公里|多远|how (?:long is the|far)"),
        "公里|千米|米|km|kilomet(?:er|re)s?|met(?:er|re)s?",
    ),
    (re.compile(r"多重|多少公?斤|多少吨|how heavy"), "公斤|千克|吨|克|kg|kilograms?|tonnes?"),
    (re.compile(r"多大面积|面积(?:是|有|为)?多|多少平方"), "平方|公顷|亩"),
)
# A question that is only the name of a figure.
_NAMES_FIGURE = re.compile(
    r"(?:GDP|总值|产值|总量|总额|数量|人数|金额|收入|利润|销量|产量|目标值?)[？?\s]*$", re.IGNORECASE
)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_RATE = re.compile(r"\d(?:\.\d+)?\s*(?:%|％|个?百分点|成|倍|percent)|百分之")
# A number that is no share, and no part of a date or time.
_NO_MONTH = "".join(f"(?<!{month} )" for month in _MONTHS.split("|"))
_AMOUNT = re.compile(
    rf"(?<![\d:：.])(?<!\d,){_NO_MONTH}\d[\d,]*(?:\.\d+)?"
    rf"(?![\d.,]*\s*(?:%|％|个?百分点|年|月(?!活|薪)|日|号|[:：]\d|(?:{_MONTHS})\b))"
)
_DAY = re.compile(rf"\d{{1,2}}\s*日|\d{{1,2}}[:：]\d{{2}}|\b(?:{_MONTHS}) \d{{1,2}}\b|\b\d{{1,2}} (?:{_MONTHS})\b")
_TIME = re.compile(rf"\d{{1,2}}\s*月|\d{{4}}\s*年|\b(?:{_MONTHS})\b|\b(?:19|20)\d\d\b")


class Asked(Enum):
    """What an answer must hold."""

    RATE = auto()
    AMOUNT = auto()
    TIME = auto()
    ANYTHING = auto()


def asked_for(question: str) -> Asked:
    """Return the kind of thing that a question asks for, judged by its words."""
    if any(asks.search(question) for asks, _ in _UNITS):
        return Asked.AMOUNT
    if _ASKS_TIME.search(question):
        return Asked.TIME
    if _ASKS_RATE.search(question):
        return Asked.RATE
    return Asked.AMOUNT if _ASKS_AMOUNT.search(question) or _NAMES_FIGURE.search(question) else Asked.ANYTHING


def holds(sentence: str, *, asked: Asked, question: str) -> bool:
    """Tell whether a sentence holds what is asked for; a number that the question itself gives does not count."""
    if asked is Asked.ANYTHING:
        return True
    if asked is Asked.TIME:
        wanted = (_DAY,) if _ASKS_DAY.search(question) else (_DAY, _TIME)
        return any(pattern.search(sentence) for pattern in wanted)
    if asked is Asked.RATE:
        return _RATE.search(sentence) is not None
    for asks, units in _UNITS:
        if asks.search(question):
            return re.search(rf"\d\s*[多余]?[十百千万亿]*[美港欧日]?(?:{units})", sentence) is not None
    given = set(_NUMBER.findall(question))
    return any(number not in given for number in _AMOUNT.findall(sentence))
