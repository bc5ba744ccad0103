"""How much of what a question names is in a text, weighed by how rare it is.

Index tokens of Chinese overlap: of 网上申报截止到, the pairs 上申 and 报截 belong to no word, and a text that says all of it in
other places holds neither. So the unit here is the character: it is covered when either of its two pairs is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.retrieve.followup import completed
from rag.retrieve.query import content_words
from rag.retrieve.synonyms import names_in
from rag.text.normalise import fold
from rag.text.tokens import index_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from rag.types import Question

# Counterparts that are less likely, as a share, cover nothing: they belong to another sense of the word.
LEAST_SHARE = 0.1

# A token that no text has: its characters are assigned to nothing.
NEVER = "\ue000\ue001"
# The idf of what never occurs among some five hundred chunks; from there on a missing word tells all that it can.
MANY = 6.99

_RUN = re.compile(r"[㐀-鿿]+|[^㐀-鿿\s]+")
_LATIN = re.compile(r"[a-z]")
_HAN = re.compile(r"[㐀-鿿]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A character or word of a question. A text covers it when it holds all the tokens of one of the options.

    `is_name` marks Latin words, which are names and abbreviations where the rest is Chinese.
    """

    options: tuple[frozenset[str], ...]
    weight: float
    is_name: bool

    def is_in(self, tokens: AbstractSet[str]) -> bool:
        """Tell whether a text with these tokens covers the unit."""
        return any(option <= tokens for option in self.options)


class Cover:
    """The units of a question made ready for many texts: each token of theirs is a bit, a text the sum of what it holds."""

    def __init__(self, units: Sequence[Unit]) -> None:
        tokens = dict.fromkeys(token for unit in units for option in unit.options for token in sorted(option))
        self._bits = {token: 1 << at for at, token in enumerate(tokens)}
        self._tokens = frozenset(tokens)
        self._needs = [(unit.weight, [self.mask(option) for option in unit.options]) for unit in units]
        self._shares: dict[int, float] = {}

    def mask(self, tokens: AbstractSet[str]) -> int:
        """Return which tokens of the units are among these; the masks of two texts joined are those of both together."""
        return sum(self._bits[token] for token in self._tokens & tokens)

    def share(self, mask: int) -> float:
        """Return the share, 0 to 1, of the units' weight that a text with this mask covers."""
        if mask not in self._shares:
            held = [weight for weight, options in self._needs if any(mask & option == option for option in options)]
            self._shares[mask] = sum(held)
        return self._shares[mask]


def units_of(question: Question, *, idf: Callable[[Sequence[str]], list[float]]) -> tuple[Unit, ...]:
    """Return the units of the question's content; their weights sum to 1, or there are none."""
    folded = fold(content_words(completed(question), lang=question.lang))
    names = [*names_in(folded), *_translations(question, folded)]
    rows = _translated(_unit_rows(folded, idf), names, idf) if question.terms else _unit_rows(folded, idf)
    mass = sum(weight for _, _, weight in rows)
    if mass <= 0:
        return ()
    return tuple(
        Unit(
            options=tuple(frozenset({token}) for token in tokens) + _other_names(names, at),
            weight=weight / mass,
            is_name=question.lang == "zh" and _LATIN.match(tokens[0]) is not None,
        )
        for at, tokens, weight in rows
    )


def mixed_units(part: Sequence[Unit], whole: Sequence[Unit], *, share: float) -> tuple[Unit, ...]:
    """Return the units of both; those of the part weigh `share` together, those of the whole the rest."""
    return (
        *(replace(unit, weight=share * unit.weight) for unit in part),
        *(replace(unit, weight=(1.0 - share) * unit.weight) for unit in whole),
    )


def coverage(units: Sequence[Unit], tokens: AbstractSet[str]) -> float:
    """Return the share, 0 to 1, of the units' weight that a text with these tokens covers."""
    return sum([unit.weight for unit in units if unit.is_in(tokens)])


def unknown(units: Sequence[Unit], *, idf: Callable[[Sequence[str]], list[float]]) -> tuple[float, float]:
    """Return the weight of the units that occur in no article at all, together and of the longest run of them.

    What a few articles lack tells little: the weights fall with the square of the greatest idf that there is.
    """
    never = idf([NEVER])[0]
    told = min(1.0, never / MANY) ** 2
    together = longest = run = 0.0
    for unit in units:
        is_known = any(all(weight < never for weight in idf(sorted(option))) for option in unit.options)
        run = 0.0 if is_known else run + unit.weight
        together += 0.0 if is_known else unit.weight
        longest = max(longest, run)
    return told * together, told * longest


def _unit_rows(folded: str, idf: Callable[[Sequence[str]], list[float]]) -> list[tuple[int, tuple[str, ...], float]]:
    """Return (place, tokens, weight) of each Han character and each other token; the rarer token's weight does not count."""
    rows: list[tuple[int, tuple[str, ...], float]] = []
    for run in _RUN.finditer(folded):
        tokens = index_tokens(run[0])
        if _HAN.match(run[0]):
            units = [tuple(tokens[max(at - 1, 0) : at + 1]) for at in range(len(run[0]))]
        else:
            units = [(token,) for token in dict.fromkeys(tokens)]
        rows += [(run.start() + at, unit, min(idf(unit))) for at, unit in enumerate(units) if unit]
    return rows


def _translations(question: Question, folded: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield (start, end, counterparts) of each word or phrase that the other language has words for."""
    for term in question.terms:
        source = fold(term.source)
        options = tuple(fold(option) for option, share in term.options if share >= LEAST_SHARE)
        for match in re.finditer(rf"(?<!\w){re.escape(source)}(?!\w)", folded):
            yield match.start(), match.end(), options


def _translated(
    rows: Sequence[tuple[int, tuple[str, ...], float]],
    names: Sequence[tuple[int, int, tuple[str, ...]]],
    idf: Callable[[Sequence[str]], list[float]],
) -> list[tuple[int, tuple[str, ...], float]]:
    """Return the rows with the weight that a word's commonest counterpart has among the articles, if that is less."""
    lighter = []
    for at, tokens, weight in rows:
        others = next((others for start, end, others in names if start <= at < end), ())
        weights = [sum(idf(cut)) / len(cut) for other in others if (cut := index_tokens(other))]
        lighter.append((at, tokens, min([weight, *weights])))
    return lighter


def _other_names(names: Sequence[tuple[int, int, tuple[str, ...]]], at: int) -> tuple[frozenset[str], ...]:
    others = next((others for start, end, others in names if start <= at < end), ())
    return tuple(frozenset(index_tokens(other)) for other in others)
