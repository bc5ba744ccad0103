"""How much of what a question names is in a text, weighed by how rare it is.

Index tokens of Chinese overlap: of 网上申报截止到, the pairs 上申 and 报截 belong to no word, and a text that says all of it in
other places holds neither. So the unit here is the character: it is covered when either of its two pairs is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.retrieve.followup import completed
from rag.retrieve.query import content_words
from rag.retrieve.synonyms import names_in
from rag.text.normalise import fold
from rag.text.tokens import index_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    from rag.types import Question

_RUN = re.compile(r"[㐀-鿿]+|[^㐀-鿿\s]+")
_HAN = re.compile(r"[㐀-鿿]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A character or word of a question. A text covers it when it holds all the tokens of one of the options."""

    options: tuple[frozenset[str], ...]
    weight: float

    def is_in(self, tokens: AbstractSet[str]) -> bool:
        """Tell whether a text with these tokens covers the unit."""
        return any(option <= tokens for option in self.options)


def units_of(question: Question, *, idf: Callable[[Sequence[str]], list[float]]) -> tuple[Unit, ...]:
    """Return the units of the question's content; their weights sum to 1, or there are none."""
    folded = fold(content_words(completed(question), lang=question.lang))
    names = names_in(folded)
    rows = [
        (options + _other_names(names, at), token_weight)
        for at, options, token_weight in _unit_rows(folded, idf)
        if options
    ]
    mass = sum(weight for _, weight in rows)
    if mass <= 0:
        return ()
    return tuple(Unit(options=options, weight=weight / mass) for options, weight in rows)


def coverage(units: Sequence[Unit], tokens: AbstractSet[str]) -> float:
    """Return the share, 0 to 1, of the units' weight that a text with these tokens covers."""
    return sum(unit.weight for unit in units if unit.is_in(tokens))


def _unit_rows(
    folded: str, idf: Callable[[Sequence[str]], list[float]]
) -> list[tuple[int, tuple[frozenset[str], ...], float]]:
    """Return (place, options, weight) of each Han character and each other token; the rarer option does not count."""
    rows: list[tuple[int, tuple[frozenset[str], ...], float]] = []
    for run in _RUN.finditer(folded):
        tokens = index_tokens(run[0])
        if _HAN.match(run[0]):
            pairs = [tokens[max(at - 1, 0) : at + 1] for at in range(len(run[0]))]
        else:
            pairs = [[token] for token in dict.fromkeys(tokens)]
        for at, options in enumerate(pairs):
            rows.append(
                (run.start() + at, tuple(frozenset({token}) for token in options), min(idf(options), default=0.0))
            )
    return rows


def _other_names(names: Sequence[tuple[int, int, tuple[str, ...]]], at: int) -> tuple[frozenset[str], ...]:
    others = next((others for start, end, others in names if start <= at < end), ())
    return tuple(frozenset(index_tokens(other)) for other in others)
