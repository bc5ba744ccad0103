"""Folds text for matching: width, case and traditional characters; what people read is never folded."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from rag.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

TABLE = "simplified.txt"
# Characters that fold to exactly one character each, whatever stands beside them, unless a combining mark follows.
_PLAIN = re.compile("[^\x00-\x7f\u4e00-\u9fff\u3001-\u3029\u2013\u2014\u2018\u2019\u201c\u201d\u00b7\uff01-\uff5e]")
_FULL_WIDTH = (0x3000, *range(0xFF01, 0xFF5F))
_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")
_WIDE_COMMA = re.compile("(?<=[０-９])，(?=[０-９]{3})")
# Blocks of compatibility characters that articles use: mapped one by one, since normalising a whole text is slow.
_COMPATIBLE = (0xA0, *range(0x2000, 0x2070), *range(0x2100, 0x2190), *range(0x2460, 0x2500), *range(0x3200, 0x3400))
_JAMO = range(0x1160, 0x1200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A folded text with the way back: `starts[i]:ends[i]` is where its i-th character came from in the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def to_original(self, span: Span) -> Span:
        """Return the smallest span of the original that holds all of `span`, a span of the folded text."""
        if span.start == span.end:
            at = self.starts[span.start] if span.start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return Span(at, at)
        return Span(self.starts[span.start], self.ends[span.end - 1])

    def from_original(self, span: Span) -> Span:
        """Return the smallest span of the folded text that holds all of `span`, a span of the original."""
        start = bisect_right(self.ends, span.start)
        return Span(start, max(start, bisect_left(self.starts, span.end)))


def fold(text: str) -> str:
    """Return NFKC, case-folded, simplified text, for matching only; folding twice changes nothing more."""
    folded = text.translate(_folding()).casefold()
    if unicodedata.is_normalized("NFKC", folded):
        return folded
    folded = unicodedata.normalize("NFKC", folded).translate(_folding()).casefold()
    return unicodedata.normalize("NFKC", folded)


def level(text: str) -> str:
    """Return `text` in half-width forms and simplified characters, of the same length, so that offsets stay true.

    Case stays, since mW is not MW; a full-width comma becomes a separator of thousands only among full-width digits.
    """
    levelled = _WIDE_COMMA.sub(",", text).translate(_levelled())
    return _FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), levelled)


def fold_with_offsets(text: str) -> Folded:
    """Return `fold(text)` with offsets both ways."""
    pieces, starts, ends, at = [], array("l"), array("l"), 0
    for cluster in _clusters(text):
        plain = text[at : cluster.start]
        pieces.append(fold(plain))
        starts.extend(range(at, cluster.start))
        ends.extend(range(at + 1, cluster.start + 1))
        piece = fold(text[cluster.start : cluster.end])
        pieces.append(piece)
        starts.extend([cluster.start] * len(piece))
        ends.extend([cluster.end] * len(piece))
        at = cluster.end
    pieces.append(fold(text[at:]))
    starts.extend(range(at, len(text)))
    ends.extend(range(at + 1, len(text) + 1))
    return Folded(text="".join(pieces), starts=starts, ends=ends)


def _clusters(text: str) -> Iterator[Span]:
    """Yield, in order, the spans that may change their length: a character with what combines with it."""
    end = 0
    for match in _PLAIN.finditer(text):
        start = match.start()
        if start < end:
            continue
        if _combines(text[start]) and start > end:
            start -= 1
        end = match.end()
        while end < len(text) and _combines(text[end]):
            end += 1
        yield Span(start, end)


def _combines(char: str) -> bool:
    """Tell whether normalisation may join the character to the one before it."""
    if char.isascii():
        return False
    first = unicodedata.normalize("NFKD", char)[0]
    return unicodedata.category(first)[0] == "M" or ord(first) in _JAMO


@cache
def _folding() -> Mapping[int, str]:
    """Return what single characters fold to, but for their case."""
    single = _single()
    return {**single, **{code: unicodedata.normalize("NFKC", chr(code)).translate(single) for code in _COMPATIBLE}}


@cache
def _single() -> Mapping[int, str]:
    """Return simplified and half-width forms, one character for one."""
    lines = Path(__file__).with_name(TABLE).read_text("utf-8").splitlines()
    simplified = {ord(line[0]): line[1] for line in lines if not line.startswith("#")}
    return simplified | {code: unicodedata.normalize("NFKC", chr(code)) for code in _FULL_WIDTH}


@cache
def _levelled() -> Mapping[int, str]:
    return {code: char for code, char in _single().items() if code != ord("，")}
