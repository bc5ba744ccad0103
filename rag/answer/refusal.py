"""Refusals: an answer that says the corpus does not hold what was asked, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.answer.phrases import REFUSALS
from rag.types import Answer, Nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.types import Passage, Question, Reason

NEAREST_ARTICLES = 3


def refused(
    question: Question,
    passages: Sequence[Passage],
    *,
    reason: Reason,
    confidence: float,
    llm: str,
    text: str | None = None,
    missing: tuple[str, ...] = (),
) -> Answer:
    """Return a refusal with the closest articles; `confidence` is that of the answer that is not given.

    `text` says more than the reason's own sentence where more is known.
    """
    return Answer(
        question=question,
        status="refused",
        reason=reason,
        text=REFUSALS[question.lang][reason] if text is None else text,
        confidence=confidence,
        passages=tuple(passages),
        missing=missing,
        nearest=nearest(passages),
        llm=llm,
    )


def nearest(passages: Sequence[Passage]) -> tuple[Nearest, ...]:
    """Return the articles of the best passages, each once."""
    articles = {passage.article_id: passage for passage in reversed(passages)}
    best = sorted(articles.values(), key=lambda passage: passage.rank)[:NEAREST_ARTICLES]
    return tuple(Nearest(article_id=row.article_id, title=row.title, published=row.published) for row in best)
