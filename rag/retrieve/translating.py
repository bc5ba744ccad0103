"""Asks in the other language, word by word, with counterparts that the index knows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from rag.retrieve.query import content_words
from rag.search_types import Query
from rag.text.normalise import fold
from rag.text.tokens import index_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rag.retrieve.search import Search
    from rag.types import Term

# How many translations are asked: with every word's likeliest counterpart, its second, ...
TURNS = 2
# What each of them weighs beside the question as asked.
WEIGHTS = (1.0, 0.9)
NOWHERE = "\x00"  # a token that no text holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Translating:
    """Asks once more in the other language. `idf` tells which counterparts the index knows."""

    idf: Callable[[Sequence[str]], list[float]]

    def run(self, search: Search) -> Search:
        """Return the search with its translations behind the first query, if the question has any."""
        folded = fold(search.text)
        terms = [term for term in search.question.terms if fold(term.source) in folded]
        known = [(fold(term.source), options) for term in terms if (options := known_options(term, idf=self.idf))]
        if not known:
            return search
        rest = _without([source for source, _ in known], fold(content_words(search.text, lang=search.question.lang)))
        texts = dict.fromkeys(" ".join([*_turn(known, turn), *rest]) for turn in range(TURNS))
        queries = [
            Query(text=text, origin="translated", weight=weight) for text, weight in zip(texts, WEIGHTS, strict=False)
        ]
        return replace(search, queries=(*search.queries[:1], *queries, *search.queries[1:]))


def known_options(term: Term, *, idf: Callable[[Sequence[str]], list[float]]) -> list[str]:
    """Return a term's counterparts whose every token the index holds, the likeliest first."""
    (nowhere,) = idf([NOWHERE])
    return list(islice(_held(term, nowhere=nowhere, idf=idf), TURNS))


def _held(term: Term, *, nowhere: float, idf: Callable[[Sequence[str]], list[float]]) -> Iterator[str]:
    for option, _ in term.options:
        tokens = index_tokens(fold(option))
        if tokens and max(idf(tokens)) < nowhere:
            yield fold(option)


def _turn(known: Sequence[tuple[str, Sequence[str]]], turn: int) -> list[str]:
    return [options[min(turn, len(options) - 1)] for _, options in known]


def _without(sources: Sequence[str], folded: str) -> list[str]:
    """Return the words of a text that are in none of the sources: names and figures, which any language writes alike."""
    translated = {word for source in sources for word in source.split()}
    return [
        word for word in folded.split() if word.strip(".,;:?!'\"()") not in translated and any(map(str.isalnum, word))
    ]
