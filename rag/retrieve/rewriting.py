"""The first stages of a search: from a question to the ways of asking it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.retrieve.periods import without_periods
from rag.retrieve.query import content_words
from rag.retrieve.synonyms import variants
from rag.search_types import Query
from rag.text.normalise import fold

if TYPE_CHECKING:
    from rag.retrieve.search import Search

# What a question without its time weighs beside the whole one.
UNDATED = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentWords:
    """Asks with the words that say what is wanted."""

    def run(self, search: Search) -> Search:
        """Return the search with its first query."""
        text = fold(content_words(search.text, lang=search.question.lang))
        return replace(search, queries=(Query(text=text, origin="asked"),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Undated:
    """Asks once more without the time that the question names: an article's day may say it instead of its words."""

    def run(self, search: Search) -> Search:
        """Return the search with one more query, if the question names a time and something else."""
        text = without_periods(search.text, as_of=search.question.as_of)
        if text == search.text or not any(char.isalnum() for char in text):
            return search
        lang = search.question.lang
        query = Query(text=fold(content_words(text, lang=lang)), origin="undated", weight=UNDATED)
        return replace(search, queries=(*search.queries, query))


@dataclass(frozen=True, slots=True, kw_only=True)
class Synonyms:
    """Asks once more for each other name of what is asked for."""

    def run(self, search: Search) -> Search:
        """Return the search with further queries."""
        others = [
            Query(text=text, origin="synonym", weight=query.weight)
            for query in search.queries
            for text in variants(query.text)[1:]
        ]
        return replace(search, queries=(*search.queries, *others))
