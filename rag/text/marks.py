"""Reads a text once from left to right and marks every figure, date, code and list number; each digit is in one mark."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.text import dates_en, dates_zh
from rag.text.clock import clock_at
from rag.text.codes import Code, code_at
from rag.text.dates import Context, DateMention
from rag.text.figure_forms import figure_at
from rag.text.figures import Figure
from rag.text.normalise import level
from rag.text.units import LATIN_UNIT
from rag.types import Span

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMark:
    """The number of a list item or heading: 1. （二） 03."""

    span: Span


Mark = Figure | DateMention | Code | ListMark

_ANCHOR = re.compile(
    "\\d|[零〇○一二两三四五六七八九十百千万亿]|[第翻〔\\[(【①-⑳]|[今去明昨前后上下本这当同次近过最未往接此连岁年月日周星礼大头凌早清傍晚]"
    "|(?:(?:US|HK|S)?[$€£¥￥]|(?<![A-Za-z])(?:RMB|CNY|USD|HKD|EUR|GBP))\\s?(?=\\d)|(?<![A-Za-z0-9])[A-Za-z]"
)
_NUMERAL = frozenset("零〇○一二两三四五六七八九十百千万亿")
_BREAK = re.compile("[。！？\n\r]|[.!?]\\s")
_LIST = re.compile(
    r"[(（]\d{1,3}[)）]|\d{1,3}(?:[.、)）](?!\d)|:(?=\D))|\d{1,2}(?=\s*(?:\n|\r|$))|\d{1,2}\.\d{1,2}(?:\.\d{1,2})?(?=\s?[\u4e00-\u9fff“《])(?![万亿千百元倍个米公%])"
)
_LIST_PLACE = re.compile(r"(?:^|[\n\r。；：！？;:”])[ \t\u3000•·●■◆▪*#-]{0,6}$")
_BRACKETED = re.compile(r"[(（](?:\d{1,3}|[一二三四五六七八九十]{1,3})[)）]")
_HAN_LIST = re.compile("[一二三四五六七八九十]{1,3}[、.](?!\\d)")
_CIRCLED = re.compile("[①-⑳]")
_WORD = re.compile("[A-Za-z]+")
_DECIMAL = re.compile(r"\d+(?:\.\d+)?")
_SUFFIX = re.compile("(?:tn|bn|mn|[mkbMKB])(?![A-Za-z0-9])|(?:st|nd|rd|th)(?![A-Za-z])")
# One letter that is a unit elsewhere: 5G, 4K and 3D are names.
_GENERATION = re.compile("[gGkKdDcCtsh](?![A-Za-z0-9])")
_CLOCK = re.compile(
    r"\d{1,2}(?::[0-5]\d(?!\d)|时(?![代间速尚])|点(?=[半整前钟到至—，。；、开]|\d)|\s?[ap]\.?m\b)", re.IGNORECASE
)
_CLOCK_WORD = re.compile("凌晨|早上|早晨|清晨|上午|中午|下午|傍晚|晚上|晚间")


def read_marks(text: str, *, reference: date | None = None) -> list[Mark]:
    """Return all marks of `text` in order; they do not overlap, and their spans are of `text` as it was given.

    Dates are resolved against `reference`; without one, a relative date has no period. Time grows with the length.
    """
    levelled = level(text)
    found: list[Mark] = []
    at, sentence, context = 0, 0, Context(reference=reference)
    while (anchor := _ANCHOR.search(levelled, at)) is not None:
        start = anchor.start()
        end = found[-1].span.end if found else 0
        if _BREAK.search(levelled, max(sentence, end), start):
            context = Context(reference=reference)
        sentence = start
        mark = _mark_at(levelled, anchor, context, end)
        if mark is None:
            at = _past(levelled, start)
            continue
        if isinstance(mark, DateMention) and mark.period is not None:
            context = Context(
                reference=reference,
                previous=mark.period,
                previous_absolute=not mark.relative
                or (context.previous_absolute and mark.period.first.year == context.said_year()),
            )
        found.append(mark)
        at = mark.span.end
    return found


def read_figures(text: str) -> list[Figure]:
    """Return the figures of `text` in order; numbers inside dates, codes and list marks are none."""
    return [mark for mark in read_marks(text) if isinstance(mark, Figure)]


def read_dates(text: str, *, reference: date | None = None) -> list[DateMention]:
    """Return the dates, periods and times of `text` in order, resolved against `reference`."""
    return [mark for mark in read_marks(text, reference=reference) if isinstance(mark, DateMention)]


def _mark_at(text: str, anchor: re.Match[str], context: Context, after: int) -> Mark | None:
    start, head = anchor.start(), anchor[0][0]
    if head.isascii() and head.isdigit():
        return _at_digit(text, start, context, after)
    if head in _NUMERAL:
        return _at_numeral(text, start, context, after)
    if head.isascii() and head.isalpha() and len(anchor[0]) == 1:
        return _at_letter(text, start, context, after)
    if head in "〔[(【":
        return code_at(text, start, after=after) or _list(_BRACKETED, text, start)
    if head in "第翻":
        return _zh_date(text, start, context, after) or figure_at(text, start, after=after)
    if "①" <= head <= "⑳":
        return _list(_CIRCLED, text, start)
    if len(anchor[0]) > 1 or not head.isalpha():
        return figure_at(text, anchor.end(), after=after)
    return _zh_date(text, start, context, after)


def _at_digit(text: str, start: int, context: Context, after: int) -> Mark | None:
    if start and text[start - 1].isdecimal() and start > after:
        return None
    if (mark := _LIST.match(text, start)) and _LIST_PLACE.search(text[max(0, start - 8) : start]):
        return ListMark(span=Span(start, mark.end()))
    if _in_english(text, start) and (found := dates_en.date_at(text, start, context=context, after=after)):
        return found
    if found := _zh_date(text, start, context, after) or dates_en.date_at(text, start, context=context, after=after):
        return found
    if clock := _clock(text, start):
        return clock
    code = code_at(text, start, after=after)
    if code is not None and not (code.kind == "code" and _measured(text, start)):
        return code
    return figure_at(text, start, after=after)


def _in_english(text: str, start: int) -> bool:
    """Tell whether the letter before a number, else the one after it, is a Latin one."""
    for near in (text[max(0, start - 9) : start][::-1], text[start + 1 : start + 9]):
        for char in near:
            if char.isalpha():
                return char.isascii()
    return False


def _measured(text: str, start: int) -> bool:
    """Tell whether the letters after a number are a unit or scale, so that 100MW is a figure and 5G a code."""
    number = _DECIMAL.match(text, start)
    if number is None or _GENERATION.match(text, number.end()):
        return False
    return LATIN_UNIT.match(text, number.end()) is not None or _SUFFIX.match(text, number.end()) is not None


def _at_numeral(text: str, start: int, context: Context, after: int) -> Mark | None:
    if start > after and text[start - 1] in _NUMERAL:
        return None
    if (mark := _HAN_LIST.match(text, start)) and _LIST_PLACE.search(text[max(0, start - 8) : start]):
        return ListMark(span=Span(start, mark.end()))
    return _zh_date(text, start, context, after) or figure_at(text, start, after=after)


def _at_letter(text: str, start: int, context: Context, after: int) -> Mark | None:
    word = _WORD.match(text, start)
    if word is None:
        return None
    if word[0].lower() in dates_en.OPENERS and (found := dates_en.date_at(text, start, context=context, after=after)):
        return found
    if word[0] in ("Q", "H", "FY") and (found := dates_en.date_at(text, start, context=context, after=after)):
        return found
    if code := code_at(text, start, after=after):
        return code
    return figure_at(text, start, after=after)


def _zh_date(text: str, start: int, context: Context, after: int) -> DateMention | None:
    if clock := _worded_clock(text, start):
        return clock
    return dates_zh.date_at(text, start, context=context, after=after)


def _worded_clock(text: str, start: int) -> DateMention | None:
    if _CLOCK_WORD.match(text, start) and (found := clock_at(text, start)):
        minutes, end = found
        return DateMention(span=Span(start, end), period=None, minutes=minutes)
    return None


def _clock(text: str, start: int) -> DateMention | None:
    """Read a time of day alone; 3:1 is a score."""
    if _CLOCK.match(text, start) and (found := clock_at(text, start)):
        minutes, end = found
        return DateMention(span=Span(start, end), period=None, minutes=minutes)
    return None


def _list(pattern: re.Pattern[str], text: str, start: int) -> ListMark | None:
    found = pattern.match(text, start)
    return ListMark(span=Span(start, found.end())) if found else None


def _past(text: str, start: int) -> int:
    """Return where to look on after a place that holds no mark: a word is tried once, at its start."""
    word = _WORD.match(text, start)
    return word.end() if word else start + 1
