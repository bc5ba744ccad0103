"""The years that a question names, and whether the passages speak of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.text.normalise import level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.types import Passage

_YEAR = re.compile(r"(?<![\dA-Za-z.-])(?:19|20)\d\d(?![\d%万亿])")
_LAST_YEAR = re.compile(r"去年|上年|上一年|last year|year before", re.IGNORECASE)


def years_in(text: str) -> tuple[int, ...]:
    """Return the years that a text names, in order, each once."""
    return tuple(dict.fromkeys(int(year) for year in _YEAR.findall(level(text))))


def absent_years(question: str, passages: Sequence[Passage]) -> tuple[int, ...]:
    """Return the years of the question of which no passage speaks, by its text, its date or a word such as 去年."""
    asked = years_in(question)
    spoken = {year for passage in passages for year in _spoken(passage)} if asked else frozenset()
    return tuple(year for year in asked if year not in spoken)


def _spoken(passage: Passage) -> tuple[int, ...]:
    text = f"{passage.header}\n{passage.text}"
    published = () if passage.published is None else (passage.published.year,)
    before = tuple(year - 1 for year in published) if _LAST_YEAR.search(text) else ()
    return (*years_in(text), *published, *before)
