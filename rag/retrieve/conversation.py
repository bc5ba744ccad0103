"""Which of the things that a follow-up may mean is meant: the one whose search finds the better."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.retrieve.followup import leans_back

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.retrieve.search import Search

# By so much the best passage must be likelier as asked, where the question looks as if it leans on the one before it.
LEANING = 0.15


def better(searches: Sequence[Search]) -> Search:
    """Return the search whose best candidate is the likeliest; the first is as asked, and of equals the first wins."""
    question = searches[0].question
    odds = [max((row.hit.score for row in search.candidates), default=0.0) for search in searches]
    if leans_back(question.text, lang=question.lang):
        odds[0] -= LEANING
    return searches[odds.index(max(odds))]
