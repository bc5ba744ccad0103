"""Gold spans: the sentences of a gold page that hold a key-point form, found when a question is scored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.normalise import contains, normalise
from eval.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from eval.questions import Question
    from rag.types import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldSpan:
    """`text[start:end]` of an article that holds a key point, for one page of the gold group at place `group`."""

    group: int
    page: str
    article_id: str
    start: int
    end: int
    text: str


def gold_spans(question: Question, *, articles: Callable[[str], Sequence[Article]]) -> tuple[GoldSpan, ...]:
    """Return the gold spans of every alternative page of every group, in page order."""
    forms = [form for point in question.key_points for form in point]
    found: list[GoldSpan] = []
    for group, pages in enumerate(question.gold):
        for page in pages:
            for article in articles(page):
                found += _of_article(article, forms=forms, group=group, page=page)
    return tuple(found)


def _of_article(article: Article, *, forms: Sequence[str], group: int, page: str) -> list[GoldSpan]:
    rows = []
    for span in sentences(article.text):
        text = article.text[span.start : span.end]
        normalised = normalise(text)
        if any(contains(normalised, form=form) for form in forms):
            rows.append(
                GoldSpan(
                    group=group, page=page, article_id=article.article_id, start=span.start, end=span.end, text=text
                )
            )
    return rows
