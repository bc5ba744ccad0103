"""Asks in the other language: each word by its likely counterparts, of which a text needs one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.retrieve.query import content_words
from rag.search_types import Choice, Group, Query
from rag.text.normalise import fold
from rag.text.tokens import index_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rag.retrieve.search import Search
    from rag.types import Term

# A counterpart counts by its share of the likeliest one's, to this power: senses of a word are told apart by the others.
LIKELY = 0.5
# Tokens of a counterpart count less the more there are: 4 pairs of 国内生产总值 are not 4 words.
LENGTH = 0.75
NOWHERE = "\x00"  # a token that no text holds
MARKS = ".,;:?!'\"()“”‘’"


@dataclass(frozen=True, slots=True, kw_only=True)
class Translating:
    """Asks once more in the other language. `idf` tells which counterparts the index knows."""

    idf: Callable[[Sequence[str]], list[float]]

    def run(self, search: Search) -> Search:
        """Return the search with its translation behind the first query, if the question has any."""
        folded = fold(search.text)
        terms = [term for term in search.question.terms if fold(term.source) in folded]
        known = [group for term in terms if (group := self._group(term)) is not None]
        if not known:
            return search
        rest = _without([group.source for group in known], fold(content_words(search.text, lang=search.question.lang)))
        text = " ".join([*(group.choices[0].text for group in known), *rest])
        others = [as_written(token) for token in dict.fromkeys(index_tokens(" ".join(rest)))]
        query = Query(text=text, origin="translated", groups=(*dict.fromkeys(known), *others))
        return replace(search, queries=(*search.queries[:1], query, *search.queries[1:]))

    def _group(self, term: Term) -> Group | None:
        """Return a term's counterparts whose every token the index holds, the likeliest first; `None` where there is none."""
        (nowhere,) = self.idf([NOWHERE])
        cut = [(fold(option), tuple(dict.fromkeys(index_tokens(option))), share) for option, share in term.options]
        held = [(text, tokens, share) for text, tokens, share in cut if tokens and max(self.idf(tokens)) < nowhere]
        choices = (
            Choice(text=text, tokens=tokens, weight=(share / held[0][2]) ** LIKELY / len(tokens) ** LENGTH)
            for text, tokens, share in held
        )
        return Group(source=fold(term.source), choices=tuple(choices)) if held else None


def as_written(token: str) -> Group:
    """Return the group of a token that any language writes alike: a name, a figure."""
    return Group(source=token, choices=(Choice(text=token, tokens=(token,)),))


def _without(sources: Sequence[str], folded: str) -> list[str]:
    """Return the words of a text that are in none of the sources."""
    translated = {word for source in sources for word in source.split()}
    return [word for word in folded.split() if word.strip(MARKS) not in translated and any(map(str.isalnum, word))]
