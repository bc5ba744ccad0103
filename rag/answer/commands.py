"""What a text looks like that speaks to a language model instead of the reader: plainly, hidden, spaced out or encoded."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from rag.answer.command_patterns import PATTERNS

if TYPE_CHECKING:
    from collections.abc import Iterator

# What is not seen, and letters that only look like letters.
_HIDDEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e01ef"
)
_DISGUISED = "\u2100-\u214f\u2460-\u24ff\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff"
# What stands behind one of these belongs to it: the mark of a turn or a fence, and a colon.
_OPENS = r"<\|[^|>\n]{0,30}\|>|(?:^|\s)(?:system|assistant|user|系统|助手|用户)\s*[：:]|<{3}|>{3}|\bREFUSE:|[：:]\s*$"
# The same commands with blanks between all letters: I g n o r e  a l l …
_SQUEEZED = (
    r"(?:ignore|disregard|forget)(?:all|any|the|your)*(?:previous|prior|above|earlier)(?:instructions?|rules?|prompts?)"
)
# Fewer blanks space nothing out.
FEWEST_BLANKS = 4
_SPACED = r"(?:\b\w\s){6,}|(?:[\u4e00-\u9fff]\s+){4,}"
_ENCODED = r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{20,}={0,2}(?![A-Za-z0-9+/])"
_HEX = r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2} ?){12,}(?![0-9A-Fa-f])"


def is_instruction(text: str) -> bool:
    """Tell whether a text tells a language model what to do, plainly, with hidden or spaced letters, or encoded."""
    if not _is_suspect(text):
        return False
    plain = _compiled(f"[{_HIDDEN}]").sub("", unicodedata.normalize("NFKC", text))
    if _commands(plain):
        return True
    if _compiled(_SPACED).search(plain):
        squeezed = "".join(plain.split())
        if _compiled(_SQUEEZED).search(squeezed) or _commands(squeezed):
            return True
    return any(is_instruction(row) for row in _decoded(plain))


def _commands(text: str) -> bool:
    small = text.lower()
    return any(
        any(word in small for word in words.split()) and _compiled(pattern).search(text) is not None
        for words, pattern in PATTERNS
    )


def opens(text: str) -> bool:
    """Tell whether what follows a command in the next line is part of it."""
    return _compiled(_OPENS).search(text) is not None


def _is_suspect(text: str) -> bool:
    """Tell whether a text is worth a closer look: almost none is, and each of these looks takes microseconds."""
    other, latin = _words()
    small = text.lower()
    return (
        other.search(small) is not None
        or latin.search(small) is not None
        or _compiled(f"[{_HIDDEN}{_DISGUISED}]").search(text) is not None
        or _compiled(_ENCODED).search(text) is not None
        or (text.count(" ") >= FEWEST_BLANKS and _compiled(f"{_SPACED}|{_HEX}").search(text) is not None)
    )


@cache
def _words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds the words of the patterns: those of any script inside a text, English ones where a word begins."""
    words = sorted({word for row, _ in PATTERNS for word in row.split()})
    latin = [word for word in words if word[0].isascii() and word[0].isalpha()]
    other = "|".join(re.escape(word) for word in words if word not in latin)
    return re.compile(other), re.compile(rf"\b(?:{'|'.join(map(re.escape, latin))})")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _decoded(text: str) -> Iterator[str]:
    import base64
    import binascii

    for found in _compiled(_ENCODED).finditer(text):
        try:
            yield base64.b64decode(found[0] + "=" * (-len(found[0]) % 4), validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            continue
    for found in _compiled(_HEX).finditer(text):
        try:
            yield bytes.fromhex("".join(found[0].split())).decode("utf-8")
        except ValueError:
            continue
