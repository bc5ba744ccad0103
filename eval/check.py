"""Is a question set itself sound? Its key points, gold pages, absent strings, splits and counts against the corpus."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from eval.metrics.answers import answer_accuracy, forbidden_found, points_found
from eval.normalise import contains, normalise
from eval.split import is_survey

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from eval.assistant import Assistant
    from eval.questions import Question, QuestionSet
    from rag.contract import Json
    from rag.types import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one question, or with the set where `id` is empty."""

    id: str
    message: str


class Corpus:
    """The articles that questions are checked against, normalised once."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = tuple(articles)

    @cached_property
    def _texts(self) -> dict[str, list[str]]:
        pages: dict[str, list[str]] = {}
        for row in self._articles:
            day = "" if row.published is None else row.published.isoformat()
            pages.setdefault(row.page_id, []).append(normalise(f"{row.title}\n{row.source or ''}\n{day}\n{row.text}"))
        return pages

    def pages(self, prefix: str) -> list[str]:
        """Return the ids of the pages whose id starts so."""
        return [page for page in self._texts if page.startswith(prefix)]

    def holding(self, form: str, *, pages: Sequence[str] | None = None) -> list[str]:
        """Return the ids of the pages, of these or of all, that hold a form."""
        chosen = self._texts if pages is None else pages
        return [page for page in chosen if any(contains(text, form=form) for text in self._texts[page])]


def check_questions(questions: QuestionSet, *, assistant: Assistant) -> tuple[Problem, ...]:
    """Return every problem of a set, in file order; an empty tuple is a sound set."""
    corpus = Corpus(assistant.page_articles(""))
    bad = [Problem(id="", message=f"`{row.path}` line {row.line}: {row.reason}") for row in questions.bad]
    rows = [problem for row in questions.questions for problem in _question(row, corpus)]
    return (*bad, *rows, *_splits(questions.questions, corpus))


def counts(questions: Sequence[Question]) -> dict[str, Json]:
    """Return how many questions the set has, by type, language and split, and how many pages they rest on."""
    return {
        "n": len(questions),
        "type": dict(sorted(Counter(row.type for row in questions).items())),
        "lang": dict(sorted(Counter(row.lang for row in questions).items())),
        "split": dict(sorted(Counter(row.split or "none" for row in questions).items())),
        "unanswerable": sum(not row.answerable for row in questions),
        "several_pages": sum(len(row.gold) > 1 for row in questions),
        "with_history": sum(bool(row.history) for row in questions),
        "gold_pages": len({page for row in questions for group in row.gold for page in group}),
    }


def _question(row: Question, corpus: Corpus) -> Iterator[Problem]:
    for message in (*_gold(row, corpus), *_points(row, corpus), *_reference(row), *_absent(row, corpus)):
        yield Problem(id=row.id, message=message)


def _gold(row: Question, corpus: Corpus) -> Iterator[str]:
    if row.answerable and not (row.gold and row.key_points):
        yield "is answerable, so it needs `gold` and `key_points`"
    for group in row.gold:
        for page in group:
            if not corpus.pages(page):
                yield f"gold page `{page}` is not in the corpus"


def _points(row: Question, corpus: Corpus) -> Iterator[str]:
    pages = [page for group in row.gold for prefix in group for page in corpus.pages(prefix)]
    for point in row.key_points:
        if pages and not any(corpus.holding(form, pages=pages) for form in point):
            yield f"no form of the key point {list(point)} stands in a gold page"


def _reference(row: Question) -> Iterator[str]:
    if row.answerable and not row.answer.strip():
        yield "has no reference `answer`"
    elif row.answer and answer_accuracy(row.answer, points=row.key_points, forbidden=row.forbidden) == 0.0:
        missing = [point[0] for point, found in zip(row.key_points, _found(row), strict=True) if not found]
        wrong = forbidden_found(row.answer, forbidden=row.forbidden)
        yield f"its own `answer` is not right: misses {missing}, holds forbidden {list(wrong)}"


def _found(row: Question) -> tuple[bool, ...]:
    return points_found(row.answer, points=row.key_points)


def _absent(row: Question, corpus: Corpus) -> Iterator[str]:
    if not (row.answerable or row.absent or row.gold):
        yield "is unanswerable, so it needs `absent` strings, or the `gold` page that lacks the answer"
    for text in row.absent:
        if pages := corpus.holding(text):
            yield f"absent string `{text}` stands in {pages[:3]}"


def _splits(questions: Sequence[Question], corpus: Corpus) -> Iterator[Problem]:
    """Yield each cluster, and each gold page of a question that is no survey, that stands on both sides of the split."""
    for what, sides in (("cluster", _sides_of_clusters(questions)), ("gold page", _sides_of_pages(questions, corpus))):
        for name, found in sides.items():
            if len(found) > 1:
                yield Problem(id="", message=f"{what} `{name}` is in several splits: {sorted(found)}")


def _sides_of_clusters(questions: Sequence[Question]) -> Mapping[str, set[str]]:
    sides: dict[str, set[str]] = {}
    for row in questions:
        if row.cluster is not None and row.split is not None:
            sides.setdefault(row.cluster, set()).add(row.split)
    return sides


def _sides_of_pages(questions: Sequence[Question], corpus: Corpus) -> Mapping[str, set[str]]:
    sides: dict[str, set[str]] = {}
    for row in questions:
        for page in {page for group in row.gold for prefix in group for page in corpus.pages(prefix)}:
            if row.split is not None and not is_survey(row):
                sides.setdefault(page, set()).add(row.split)
    return sides
