"""One question scored: every metric that needs no judge, by name. A metric that does not apply is `None`, never 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.metrics import answers, citations, ranking, spans

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from eval.gold import GoldSpan
    from eval.questions import Question
    from eval.result import Result

    Scores = Mapping[str, float | None]


def score(
    question: Question,
    result: Result,
    *,
    gold: Sequence[GoldSpan],
    text_of: Callable[[str], str | None],
) -> dict[str, float | None]:
    """Return each metric of one answer. `text_of` gives an article's text, `None` for one that does not exist."""
    return {
        **_retrieval(question, result, gold, text_of),
        **_answer(question, result),
        "answer_accuracy": accuracy(question, result),
        "citation_recall": None if result.refused else citations.citation_recall(result),
        "citation_precision": citations.citation_precision(result),
        "citation_validity": citations.citation_validity(result, text_of=text_of),
        "figure_grounding": citations.figure_grounding(result),
        "sentences_held": citations.sentences_held(result),
        "refused": float(result.refused),
    }


def accuracy(question: Question, result: Result) -> float | None:
    """Return 1 for a right answer or a right refusal, else 0; `None` for an answerable question without key points.

    A refusal of an answerable question is wrong. An unanswerable one is right if refused, by whatever reason, or if
    the answer makes all points of the correction that the row may hold.
    """
    said = answers.answer_accuracy(result.said, points=question.key_points, forbidden=question.forbidden)
    if question.answerable:
        return said
    return float(result.status == "refused" or said == 1.0)


def _answer(question: Question, result: Result) -> Scores:
    if not question.answerable:
        return dict.fromkeys(("key_point_recall", "char_f1", "key_points_per_100_chars", "length_ratio"))
    points, said = question.key_points, result.said
    return {
        "key_point_recall": answers.key_point_recall(said, points=points),
        "char_f1": answers.char_f1(said, references=(question.answer,)),
        "key_points_per_100_chars": answers.key_point_density(said, points=points),
        "length_ratio": answers.length_ratio(said, reference=question.answer) if said else None,
    }


def _retrieval(
    question: Question, result: Result, gold: Sequence[GoldSpan], text_of: Callable[[str], str | None]
) -> Scores:
    passages, pages = result.passages, question.gold
    placed = [spans.Placed(passage=row, start=_start(row.text, text_of(row.article_id))) for row in passages]
    return {
        **{f"recall@{k}": ranking.page_recall(passages, gold=pages, k=k) for k in (1, 5, 10)},
        **{f"span_recall@{k}": spans.span_recall(placed, gold=gold, k=k) for k in (5, 10)},
        "mrr@10": ranking.reciprocal_rank(passages, gold=pages, k=10),
        "ndcg@10": ranking.ndcg(passages, gold=pages, k=10),
        "context_precision@10": spans.context_precision(placed, gold=gold, k=10),
    }


def _start(text: str, article: str | None) -> int | None:
    place = -1 if article is None else article.find(text)
    return None if place < 0 else place
