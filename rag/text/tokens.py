"""Cuts text into the tokens of the lexical index; questions and documents go through the same function."""

from __future__ import annotations

import re
from operator import add
from typing import TYPE_CHECKING

from rag.text.normalise import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

# Scripts written without blanks: Han, kana, hangul. Their runs become overlapping pairs of characters.
_UNSPACED = "\u3005-\u3007\u3041-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\U00020000-\U000323af"
_LETTER = rf"[^\W_{_UNSPACED}]"
_TOKEN = re.compile(
    rf"([{_UNSPACED}]+)"
    r"|(\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?%?)"
    r"|[〔\[(【](\d{4})[〕\])】]第?(\d+)号"
    rf"|({_LETTER}+(?:[-./:_'’&@+]{_LETTER}+)*(?:%|\+\+|#)?)"
)
_ACRONYM = re.compile(r"[a-z](?:\.[a-z])+")
# A dot or colon between digits belongs to a decimal, a version or a time of day and does not divide a code.
_DIVIDER = re.compile(r"[-/_&@+]|(?<!\d)[.:]|[.:](?!\d)")
_MEASURED = re.compile(r"(\d+(?:\.\d+)?)([^\W\d_]{2,})")


def index_tokens(text: str) -> list[str]:
    """Return the folded tokens of `text` in order.

    Han runs give overlapping pairs, a run of one gives the character; words, numbers and codes stay whole, thousands
    separators are dropped, and so is the ending of an English plural or possessive. A code is followed by its parts, so that `VE25` finds `VE25-100`; the number of an official
    document is `〔2025〕270号`, which does not depend on where the issuer's name begins.
    """
    found: list[str] = []
    for match in _TOKEN.finditer(fold(text)):
        group = match.lastindex
        if group == 1:
            run = match[0]
            found += map(add, run, run[1:]) if len(run) > 1 else (run,)
        elif group == 2:
            found.append(match[0].replace(",", ""))
        elif group == 4:
            found += (f"〔{match[3]}〕{match[4]}号", match[3], match[4])
        else:
            word = match[0]
            if word.isalpha():
                found.append(_singular(word))
            elif word.isdecimal():
                found.append(word)
            else:
                found += _word(word)
    return found


def _singular(word: str) -> str:
    """Return an English word without its plural ending.

    On 3,000 SQuAD questions among 12,660 sentences BM25 put the right sentence among its first ten 1.7 points more often.
    """
    if word[-1] != "s" or len(word) < 4 or not word.isascii() or word.endswith(("ss", "us", "is", "ws")):
        return word
    return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]


def _word(word: str) -> Iterator[str]:
    """Yield a word or code with punctuation or digits in it, then its parts."""
    word = word.replace("’", "'").removesuffix("'s").replace("'", "")
    if _ACRONYM.fullmatch(word):
        yield word.replace(".", "")
        return
    yield _singular(word) if word.isalpha() else word
    parts = [_singular(part) if part.isalpha() else part for part in _DIVIDER.split(word) if len(part) > 1]
    if parts != [word]:
        yield from parts
    for part in parts:
        if measured := _MEASURED.fullmatch(part):
            yield from measured.groups()
