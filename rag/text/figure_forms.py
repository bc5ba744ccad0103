"""Reads the figure at one place of levelled text, special forms first: shares, fractions, doubling, ordinals, numerals."""

from __future__ import annotations

import re
from decimal import Decimal

from rag.text.figures import Figure
from rag.text.numerals import DIGITS, HAN, read_english, read_number
from rag.text.qualifiers import qualifier_around
from rag.text.quantity import NUMBER, quantity_at
from rag.types import Span

_SHARE = re.compile(rf"(百|千|万|{DIGITS}|{HAN})分之({DIGITS}|{HAN})(?:[至到](?:百分之)?({DIGITS}|{HAN}))?")
_SHARES = {"百": Decimal(1), "千": Decimal("0.1"), "万": Decimal("0.01")}
_SLASH = re.compile(r"(\d{1,3})/(\d{1,3})(?![\d/年])")
_ORDINAL_UNIT = re.compile(
    "年(?!级)|[条章节款届批次名个位期轮季版卷编项号类代家部集站页回场阶]|大道|医院|工厂|中学|小学"
)
_NO_ORDINAL = re.compile("第三方(?!面)|第一(?:时间|线|书记|手|桶金)|第二(?:春|课堂)")
_ORDINAL_TO = re.compile("[条章]?(?:[-–—~～]|[至到])第?(?=[\\d一二三四五六七八九十])")
_ENGLISH_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)(?![A-Za-z])")
_NUMBER_SIGN = re.compile(r"N[Oo]\. ?$")
_DOUBLED = re.compile("翻了?(?:([一两二三四五六])番|番)|翻了?一?倍")
_WORD_SHARE = re.compile(
    r"(one|two|three|four)[- ](hal(?:f|ves)|thirds?|quarters?|fifths?|tenths?)(?![A-Za-z])", re.IGNORECASE
)
_PARTS = {"hal": 2, "thi": 3, "qua": 4, "fif": 5, "ten": 10}
_WORD_TIMES = re.compile(r"(doubl|tripl|quadrupl)(?:e|es|ed|ing)(?![A-Za-z])", re.IGNORECASE)
_TIMES = {"d": 2, "t": 3, "q": 4}
# Numerals that count only with a measure word: 两家 is a figure, 一方面 and 三农 are none.
_COUNTING = re.compile(
    "[笔只条根门口股桶箱步集扇头匹本张封家名位项款批架艘辆座所台套届条件人岁种类处场轮期次年天周成倍户份篇部张间层支颗枚吨元米亿千公平]|个(?!别)|"
    "大(?![力会规量部学幅家型])|多[个家名位项款年条]|小时|分钟|月(?!球)|组|站"
)
_AMBIGUOUS = re.compile(
    "一(?!成(?!果|长|员|立|为|功)|倍|百|千|万|亿)|零(?!下)|一二三|[两一三五]位(?:数|一体)|(?:十[一-九]|二十)大|[两三四五六七八九]分(?!钟)|十分(?!钟|之)|万(?!分之)|千|百(?!分)|[千百]万|亿|一家|三农|五一|十一(?!个)|千千万万"
)
# 五至九名: the measure word stands after the second numeral.
_RANGE = re.compile("[至到—-][二三四五六七八九十]{1,3}[个家名位项款年天人月日条件所台次]")
_NO_NUMERAL_BEFORE = frozenset("几数若十百千万亿零一二两三四五六七八九多进统唯专单第每另同某任逐万")


def figure_at(text: str, start: int, *, after: int) -> Figure | None:
    """Return the figure whose number starts at `start`, or `None`; nothing before `after` belongs to it."""
    head = text[start]
    if head.isdigit() and head.isascii():
        return (
            _share(text, start, after)
            or _fraction(text, start, after)
            or _ordinal(text, start, after)
            or quantity_at(text, start, after=after)
        )
    if head.isascii():
        return _latin(text, start, after)
    return (
        _share(text, start, after)
        or _doubling(text, start, after)
        or _ordinal(text, start, after)
        or _numeral(text, start, after)
    )


def _share(text: str, start: int, after: int) -> Figure | None:
    """Read 百分之五 and 三分之二."""
    found = _SHARE.match(text, start)
    amount = read_number(found[2]) if found else None
    if found is None or amount is None:
        return None
    upper = read_number(found[3]) if found[3] else None
    span = Span(start, found.end())
    said = qualifier_around(text, span, after=after)
    if found[1] in _SHARES:
        return Figure(
            span=span, kind="percent", amount=amount, scale=_SHARES[found[1]], unit="%", qualifier=said, upper=upper
        )
    whole = read_number(found[1])
    return Figure(span=span, kind="fraction", amount=amount, scale=1 / whole, qualifier=said) if whole else None


def _fraction(text: str, start: int, after: int) -> Figure | None:
    found = _SLASH.match(text, start)
    if found is None or not 0 < int(found[1]) < int(found[2]):
        return None
    span = Span(start, found.end())
    said = qualifier_around(text, span, after=after)
    return Figure(span=span, kind="fraction", amount=Decimal(found[1]), scale=1 / Decimal(found[2]), qualifier=said)


def _latin(text: str, start: int, after: int) -> Figure | None:
    """Read two-thirds, doubled, twenty-five million."""
    if found := _WORD_SHARE.match(text, start):
        span = Span(start, found.end())
        said = qualifier_around(text, span, after=after)
        parts = Decimal(_PARTS[found[2][:3].lower()])
        return Figure(span=span, kind="fraction", amount=read_english(found[1]), scale=1 / parts, qualifier=said)
    if found := _WORD_TIMES.match(text, start):
        span = Span(start, found.end())
        said = qualifier_around(text, span, after=after)
        return Figure(span=span, kind="times", amount=Decimal(_TIMES[found[1][0].lower()]), unit="倍", qualifier=said)
    return quantity_at(text, start, after=after)


def _doubling(text: str, start: int, after: int) -> Figure | None:
    """Read 翻两番, 翻番, 翻倍."""
    found = _DOUBLED.match(text, start)
    if found is None:
        return None
    turns = read_number(found[1]) if found[1] else None
    span = Span(start, found.end())
    said = qualifier_around(text, span, after=after)
    return Figure(span=span, kind="times", amount=Decimal(2) ** int(turns or 1), unit="倍", qualifier=said)


def _ordinal(text: str, start: int, after: int) -> Figure | None:
    """Read 第四十三条 and 第3至5条 at 第, 14th at its number, No. 5 at its number."""
    if found := _ENGLISH_ORDINAL.match(text, start):
        return Figure(span=Span(start, found.end()), kind="ordinal", amount=Decimal(found[1]))
    sign = _NUMBER_SIGN.search(text[max(after, start - 5) : start])
    if (text[start] != "第" or _NO_ORDINAL.match(text, start)) and sign is None:
        return None
    number = NUMBER.match(text, start if sign else start + 1)
    amount = read_number(number[0]) if number else None
    if number is None or amount is None:
        return None
    begin = start - len(sign[0]) if sign else start
    end, upper = number.end(), None
    if not sign and (to := _ORDINAL_TO.match(text, end)) and (last := NUMBER.match(text, to.end())):
        upper, end = read_number(last[0]), last.end()
    unit = None if sign else _ORDINAL_UNIT.match(text, end)
    return Figure(
        span=Span(begin, unit.end() if unit else end),
        kind="ordinal",
        amount=amount,
        unit=unit[0] if unit else "",
        upper=upper,
    )


def _numeral(text: str, start: int, after: int) -> Figure | None:
    """Read a figure in Chinese numerals, where its length or what follows shows that it counts."""
    number = NUMBER.match(text, start)
    if number is None or (start > 0 and text[start - 1] in _NO_NUMERAL_BEFORE):
        return None
    written, end = number[0], number.end()
    if len(written) > 1 and text[end : end + 1] == "级":
        return quantity_at(text, start, after=after) if written[-1] in "百千万亿" else None
    if text[end : end + 1] == "几" or (_AMBIGUOUS.match(text, start) and len(written) <= 3):
        return None
    if neighbours := _neighbours(text, number):
        return neighbours
    if read_number(written) is None or (
        len(written) == 1 and not _COUNTING.match(text, end) and not _RANGE.match(text, end)
    ):
        return None
    return quantity_at(text, start, after=after)


def _neighbours(text: str, number: re.Match[str]) -> Figure | None:
    """Read 七八个 and 三五年: two digits side by side that mean "seven or eight"."""
    written = number[0]
    if len(written) != 2 or not _COUNTING.match(text, number.end()):
        return None
    low, high = read_number(written[0]), read_number(written[1])
    if low is None or high is None or not 0 < low < high < 10:
        return None
    figure = quantity_at(text, number.start() + 1, after=number.start() + 1)
    if figure is None:
        return None
    span = Span(number.start(), figure.span.end)
    return Figure(
        span=span, kind=figure.kind, amount=low, upper=high, scale=figure.scale, unit=figure.unit, qualifier="about"
    )
