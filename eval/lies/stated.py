"""Whether a passage states a wording: what keeps a lie from being true by accident. Knows nothing of the checker."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.types import Passage

THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
FIGURE = re.compile(r"\d+(?:\.\d+)?")
# Unrelated sentences about one subject share less of their wording.
UNRELATED = 0.35
WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)?|[\u3400-\u9fff]{2}")


def folded(text: str) -> str:
    """Return the text as comparisons see it: compatibility forms, lower case, no thousands marks, no white space."""
    plain = THOUSANDS.sub("", unicodedata.normalize("NFKC", text).lower())
    return "".join(plain.split())


def whole(passage: Passage) -> str:
    """Return all that a reader of the citation sees, folded: title, day, source and text."""
    day = "" if passage.published is None else f"{passage.published.year}年{passage.published.month}月"
    return folded("\n".join((passage.title, passage.header, passage.source or "", day, passage.text)))


def states(passage: Passage, wording: str) -> bool:
    """Return whether the wording stands in the passage; a figure at its border must be whole there."""
    wanted = folded(wording)
    before = r"(?<![\d.])" if wanted[:1].isdigit() else ""
    after = r"(?!\.?\d)" if wanted[-1:].isdigit() else ""
    return re.search(f"{before}{re.escape(wanted)}{after}", whole(passage)) is not None


def may_support(passage: Passage, text: str) -> bool:
    """Return whether the passage might say the same in other words: its figures, or too much of its wording."""
    held, asked = whole(passage), folded(text)
    figures = FIGURE.findall(asked)
    if figures:
        return all(states(passage, figure) for figure in figures)
    return overlap(text, held) >= UNRELATED


def overlap(text: str, other: str) -> float:
    """Return the share of the text's words and pairs of characters that the other text holds, 0 to 1."""
    asked, held = _units(text), _units(other)
    return len(asked & held) / len(asked) if asked else 0.0


def _units(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKC", text).lower()
    pairs = {plain[at : at + 2] for at in range(len(plain) - 1)}
    return {pair for pair in pairs if re.fullmatch(r"[\u3400-\u9fff]{2}", pair)} | set(WORD.findall(plain))
