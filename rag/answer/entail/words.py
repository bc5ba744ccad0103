"""Whether two words may stand for each other, or exclude each other: by two small tables, and by what they translate to."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.types import Lang


def are_alike(said: str, found: str, *, lang: Lang) -> bool:
    """Tell whether two folded words say one thing: in one group of the table, or with a translation in common."""
    if not said or not found:
        return False
    return said == found or bool(_groups_of(said) & _groups_of(found)) or _share_translation(said, found, lang)


def opposites_in(said: str, found: str) -> tuple[str, str] | None:
    """Return a word of the folded `said` and its opposite in `found`, `None` where there is no such pair."""
    for one, others in _opposites().items():
        if one in said and one not in found:
            for other in others:
                if other in found and other not in said:
                    return one, other
    return None


def are_opposite(said: str, found: str) -> bool:
    """Tell whether two folded words are a pair of the table."""
    return found in _opposites().get(said, ())


@cache
def _opposites() -> Mapping[str, tuple[str, ...]]:
    pairs = [tuple(pair.split()) for line in _lines("opposites.txt") for pair in line.split(",")]
    table: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        for one, other in (pair, pair[::-1]):
            table[one] = (*table.get(one, ()), other)
    return table


@cache
def _alike() -> Mapping[str, frozenset[int]]:
    table: dict[str, frozenset[int]] = {}
    for number, line in enumerate(_lines("alike.txt")):
        for word in line.split():
            table[word] = table.get(word, frozenset()) | {number}
    return table


def _groups_of(word: str) -> frozenset[int]:
    return _alike().get(word, frozenset())


def _share_translation(said: str, found: str, lang: Lang) -> bool:
    from embeddings.lexicon.lexicon import open_lexicon

    lexicon = open_lexicon()
    one, other = (lexicon.terms(word, lang=lang) for word in (said, found))
    if len(one) != 1 or len(other) != 1 or len(one[0].source) != len(said) or len(other[0].source) != len(found):
        return False
    return bool({option for option, _ in one[0].options} & {option for option, _ in other[0].options})


def _lines(name: str) -> list[str]:
    text = files("rag.answer.entail").joinpath(name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
