"""Maps an article's text back to the raw page that it was made from, and tells what of the page no article holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# White space, controls and invisible characters are laid out anew by the cleaning; everything else is kept or dropped whole.
_LAYOUT = re.compile("[\\s\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]")
# So many characters in a row say where a piece of the text stands in the page.
ANCHOR = 12


class Piece(NamedTuple):
    """Characters `start:end` of an article's text stand at `raw_start:raw_end` of its page, white space aside."""

    start: int
    end: int
    raw_start: int
    raw_end: int


def raw_pieces(text: str, raw: str) -> tuple[Piece, ...]:
    """Return where each piece of an article's text stands in the raw page, in the order of the text.

    A piece is as long as both go on alike, so that a sentence which a column cut in two is two pieces. What the page does
    not hold is in no piece.
    """
    clean, places = _squeezed(text)
    page, raw_places = _squeezed(raw)
    pieces: list[Piece] = []
    at = there = 0
    while at < len(clean):
        found, length = _found(clean, page, at=at, after=there)
        if length:
            pieces.append(_piece(places, raw_places, at=at, there=found, length=length))
            there = found + length
        at += max(length, 1)
    return tuple(pieces)


def unmapped(text: str, pieces: Sequence[Piece]) -> str:
    """Return the characters of an article's text that its page does not hold, white space left out."""
    held = _marked(len(text), ((piece.start, piece.end) for piece in pieces))
    return "".join(char for char, is_held in zip(text, held, strict=True) if not is_held and not _LAYOUT.match(char))


def left_out(raw: str, pieces: Iterable[Piece]) -> list[str]:
    """Return the lines of a raw page, stripped, of which no article holds a character."""
    held = _marked(len(raw), ((piece.raw_start, piece.raw_end) for piece in pieces))
    lines, start = [], 0
    for line in raw.splitlines(keepends=True):
        if _LAYOUT.sub("", line) and not any(held[start : start + len(line)]):
            lines.append(line.strip())
        start += len(line)
    return lines


def _squeezed(text: str) -> tuple[str, list[int]]:
    """Return the text without layout, and where each of its characters stood."""
    places = [at for at, char in enumerate(text) if not _LAYOUT.match(char)]
    return "".join(text[at] for at in places), places


def _found(clean: str, page: str, *, at: int, after: int) -> tuple[int, int]:
    """Return where the text from `at` on stands in the page and for how long both go on alike; length 0 is nowhere."""
    anchor = min(ANCHOR, len(clean) - at)
    while anchor:
        wanted = clean[at : at + anchor]
        found = page.find(wanted, after)
        found = page.find(wanted) if found < 0 else found
        if found >= 0:
            return found, _common(clean, page, at=at, there=found)
        anchor //= 2
    return 0, 0


def _common(clean: str, page: str, *, at: int, there: int) -> int:
    most = min(len(clean) - at, len(page) - there)
    return next((length for length in range(most) if clean[at + length] != page[there + length]), most)


def _piece(places: Sequence[int], raw_places: Sequence[int], *, at: int, there: int, length: int) -> Piece:
    last = length - 1
    return Piece(
        start=places[at],
        end=places[at + last] + 1,
        raw_start=raw_places[there],
        raw_end=raw_places[there + last] + 1,
    )


def _marked(length: int, spans: Iterable[tuple[int, int]]) -> bytearray:
    held = bytearray(length)
    for start, end in spans:
        held[start:end] = b"\x01" * (end - start)
    return held
