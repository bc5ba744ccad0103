"""Fits text of wide and narrow characters into the columns of a terminal, also piece by piece as it arrives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import combining, east_asian_width

# What stays on one line: a word, number or label with the marks that close it, a single wide character likewise.
CLOSING = r"[，。、；：？！）》」』”’…％%,.;:?!)\]}·]"
OPENING = r"[（《「『“‘(\[{]"
TOKEN = re.compile(rf"\n| +|{OPENING}*(?:[^\W\u2e80-\uffff]+(?:[-.,:/@][^\W\u2e80-\uffff]+)*|.){CLOSING}*", re.DOTALL)
WIDE = "WF"


def columns_of(text: str) -> int:
    """Return how many columns a text takes in a terminal."""
    return sum(0 if combining(char) else 2 if east_asian_width(char) in WIDE else 1 for char in text)


def shortened(text: str, columns: int) -> str:
    """Return the text on one line, cut with an ellipsis to fit into `columns`."""
    flat = " ".join(text.split())
    if columns_of(flat) <= columns:
        return flat
    kept, used = [], 1
    for char in flat:
        used += columns_of(char)
        if used > columns:
            break
        kept.append(char)
    return "".join(kept) + "…"


def wrapped(text: str, *, columns: int | None, indent: str = "", first: str | None = None) -> str:
    """Return the whole text with line breaks, each line indented, the first by `first` where it is given.

    Without `columns` no line is broken.
    """
    lead = indent if first is None else first
    if columns is None:
        return lead + text.replace("\n", "\n" + indent)
    wrapper = Wrapper(columns=columns, indent=indent, first=lead)
    return wrapper.feed(text) + wrapper.end()


@dataclass(slots=True, kw_only=True)
class Wrapper:
    """Breaks lines in a text that arrives in pieces; holds back the last word until it is known to be whole."""

    columns: int
    indent: str = ""
    first: str = ""
    _at: int = 0
    _held: str = ""
    _is_first: bool = True

    def feed(self, piece: str) -> str:
        """Return what can be written now."""
        tokens = TOKEN.findall(self._held + piece)
        self._held = tokens.pop() if tokens else ""
        return "".join(map(self._placed, tokens))

    def end(self) -> str:
        """Return the rest."""
        held, self._held = self._held, ""
        return self._placed(held) if held else ""

    def _placed(self, token: str) -> str:
        if token == "\n":  # noqa: S105 - a piece of text, no secret
            self._at = 0
            return token
        room, width = self.columns - len(self.indent), columns_of(token)
        if token.isspace():
            if self._at == 0 or self._at + width > room:
                return ""
            self._at += width
            return token
        lead = ""
        if self._at and self._at + width > room:
            lead, self._at = "\n", 0
        if self._at == 0:
            lead += self.first if self._is_first else self.indent
            self._is_first = False
        self._at += width
        return lead + token
