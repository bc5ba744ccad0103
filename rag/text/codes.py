"""Finds what holds digits but counts nothing: addresses, telephone, document and standard numbers, product codes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.types import Span

CodeKind = Literal["url", "email", "document", "standard", "phone", "code"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code as it is written in the text."""

    span: Span
    kind: CodeKind


_URL = re.compile(
    r"(?:https?://|www\.)[\w.~:/?#@!$&'*+;=%-]+|(?:[a-z0-9-]{1,63}\.){1,6}(?:com|cn|org|net|gov|edu|io|html?|top|info)\b(?::\d+)?(?:/[\w./?=&%#~-]*)?"
    r"|\d{1,3}(?:\.\d{1,3}){3}(?!\d)(?::\d+)?(?:/[\w./?=&%#~-]*)?",
    re.IGNORECASE | re.ASCII,
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}", re.ASCII)
_DOCUMENT = re.compile(r"[〔\[(【](?:19|20)\d\d[〕\])】]\s?(?:第\s?)?\d+号|(?:19|20)\d\d年第?\d+号(?=公告|令|文|通知)")
_ISSUER = re.compile(
    "[沪京津渝国苏浙皖粤鲁川豫鄂湘闽赣冀晋辽吉黑陕甘青琼云贵财工发科市政教建商证银税经][\u4e00-\u9fff]{0,11}$"
)
_STANDARD = re.compile(
    r"(?:GB|SJ|YD|HJ|JJF|JJG|DB\d{0,2}|T|ISO|IEC|IEEE|QB|HG|JB|YY|NB|DL|GA|JT|EN|ASTM|UL|ITU)(?:[-/][A-Z]{1,6})?\s?[A-Z]?\d{1,6}(?:\.\d+)*(?:[-—–:]\d{1,4})*(?![A-Za-z])"
)
_PHONE = re.compile(
    r"(?:\+?86[- ]?)?(?:\(?0\d{2,3}\)?[- —]?\d{7,8}|1[3-9]\d[- ]?\d{4}[- ]?\d{4}|[48]00[- ]?\d{3}[- ]?\d{4}|400-?\d{4}-?\d{3})(?!\d)(?:[-转]\d{1,5})?"
    r"|[2-9]\d{7}(?:[-转]\d{1,5}|(?=[、，,；。;)）\s]*$))|(?:\+\d{1,3}[- ])\(?\d{1,4}\)?(?:[- ]\d{2,5}){1,4}"
)
_LOCAL = re.compile(r"[2-9]\d{7}(?:[-转]\d{1,5})?(?!\d)")
_CALLED = re.compile("(?:电话|传真|热线|咨询|联系|手机|[、/；])[^\\d。]{0,12}$")
_CODE = re.compile(r"[A-Za-z]+(?:[-/.·+]?[A-Za-z0-9]+){0,8}(?:[-+](?![\d$]))?")
_DIGIT_CODE = re.compile(
    r"\d+(?:\.\d+)?[A-Za-z]+[A-Za-z0-9]*(?:[-/][A-Za-z0-9]+)*|\d+(?:-\d+){2,}(?!\d)|\d{5,}-\d{3,}|\d+\+\d+|\d{2,}\.\d+\.\d+(?!\d)|\d+\.\d+\.\d+(?:\.\d+)*"
)
_HAN_CODE = re.compile(r"\d{11,}[A-Z]?|\d{6,}_\d+")
_EDGE = frozenset(".,;:!?'&")


def code_at(text: str, start: int, *, after: int) -> Code | None:
    """Return the code that starts at `start` of levelled `text`; a document number also takes its issuer to the left."""
    head = text[start]
    if head in "〔[(【":
        return _document(text, start, after)
    if head.isdigit():
        return _of_digits(text, start)
    return _of_letters(text, start)


def _document(text: str, start: int, after: int) -> Code | None:
    found = _DOCUMENT.match(text, start)
    if found is None:
        return None
    left = text[max(after, start - 12) : start]
    issuer = _ISSUER.search(re.sub("^.*(?:根据|依据|按照|印发|《|》)", lambda match: " " * len(match[0]), left))
    begin = start if issuer is None else start - len(issuer[0])
    return Code(span=Span(begin, found.end()), kind="document")


def _of_digits(text: str, start: int) -> Code | None:
    if found := _EMAIL.match(text, start):
        return Code(span=Span(start, found.end()), kind="email")
    if found := _URL.match(text, start):
        return Code(span=Span(start, _trimmed(text, found)), kind="url")
    if found := _PHONE.match(text, start):
        return Code(span=Span(start, found.end()), kind="phone")
    if (found := _LOCAL.match(text, start)) and _CALLED.search(text[max(0, start - 16) : start]):
        return Code(span=Span(start, found.end()), kind="phone")
    if found := (_DOCUMENT.match(text, start) or _DIGIT_CODE.match(text, start) or _HAN_CODE.match(text, start)):
        return Code(span=Span(start, found.end()), kind="document" if "年" in found[0] else "code")
    return None


def _of_letters(text: str, start: int) -> Code | None:
    if found := _EMAIL.match(text, start):
        return Code(span=Span(start, found.end()), kind="email")
    if found := _URL.match(text, start):
        return Code(span=Span(start, _trimmed(text, found)), kind="url")
    if found := _STANDARD.match(text, start):
        return Code(span=Span(start, found.end()), kind="standard")
    found = _CODE.match(text, start)
    if found is None or not any(char.isdigit() for char in found[0]):
        return None
    return Code(span=Span(start, found.end()), kind="code")


def _trimmed(text: str, found: re.Match[str]) -> int:
    end = found.end()
    while end > found.start() and text[end - 1] in _EDGE:
        end -= 1
    return end
