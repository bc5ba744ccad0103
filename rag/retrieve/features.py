"""What the learned reranker looks at: one row of numbers for each candidate, named column by column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rag.retrieve.features_coverage import best_coverage
from rag.retrieve.rerank_question import HOLDS, days_in, years_in
from rag.retrieve.rerank_text import EDGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rag.retrieve.rerank_question import Wanted
    from rag.retrieve.rerank_text import Reading
    from rag.search_types import Candidate

COLUMNS = (
    "lexical",  # share of the lexical arm
    "lexical_best",  # the same as a share of the best candidate's
    "dense",  # cosine
    "dense_best",
    "lexical_rank",  # 1 / (rank + 4), 0 where the arm did not find it
    "dense_rank",
    "covered",  # share of the question's weight that the text covers
    "covered_all",  # that text and header cover
    "covered_header",
    "covered_rare",  # share of the rarest quarter of the weight
    "sentence",  # best single sentence
    "two_sentences",  # best two that follow each other
    "numbers",  # share of the question's numbers that text or header hold; 1 where it has none
    "kind",  # share of the kinds asked for that the text holds; 1 where none is asked for
    "kind_near",  # best coverage of two sentences that hold a kind asked for
    "year",  # 1 named in the text, 0.5 year of publication, 0 not asked for or none named, -1 others only
    "day",  # the same for days
    "fresh",  # newness among the candidates, 0 to 1, where the question asks for the newest
    "digest",
    "teaser",
    "notice",
    "plan",
    "notice_kind",  # notice, and the question asks what notices say
    "opening",  # the article begins here
    "length",  # of 480 characters
    "other_language",
    "fused",
    "fused_best",
    "article_lexical",  # best lexical share among the article's candidates, as a share of the best of all
    "article_fused",  # the same of the fused scores
    "covered_best",  # covered_all as a share of the best candidate's
    "two_best",  # two_sentences likewise
)
NOTICE_KINDS = frozenset({"deadline", "contact", "condition", "submit", "money", "time"})
DIGEST, TEASER, NOTICE, PLAN = "digest", "teaser", "notice", "plan"
FULL_LENGTH = 480


def feature_rows(wanted: Wanted, candidates: Sequence[Candidate], readings: Sequence[Reading]) -> NDArray[np.float64]:
    """Return an array of shape (candidates, COLUMNS)."""
    if not candidates:
        return np.zeros((0, len(COLUMNS)))
    columns = best_coverage(wanted, readings)
    for source, name in (("covered_all", "covered_best"), ("two_sentences", "two_best")):
        columns[name] = columns[source] / (columns[source].max() or 1.0)
    rows = [
        {**_of_text(wanted, reading), **_of_article(wanted, row, reading), **among}
        for row, reading, among in zip(candidates, readings, _among(wanted, candidates), strict=True)
    ]
    return np.stack(
        [columns[name] if name in columns else np.array([row[name] for row in rows]) for name in COLUMNS], axis=1
    )


def _of_text(wanted: Wanted, reading: Reading) -> dict[str, float]:
    holding = sum(HOLDS[kind].search(reading.text) is not None for kind in wanted.kinds)
    numbers = [f"{EDGE}{number}{EDGE}" for number in wanted.numbers]
    held = sum(number in reading.edged_header or any(number in row for row in reading.edged) for number in numbers)
    return {
        "numbers": held / len(numbers) if numbers else 1.0,
        "kind": holding / len(wanted.kinds) if wanted.kinds else 1.0,
        "length": min(len(reading.text) / FULL_LENGTH, 1.5),
    }


def _of_article(wanted: Wanted, row: Candidate, reading: Reading) -> dict[str, float]:
    flags = row.article.flags
    is_notice = NOTICE in flags
    return {
        "year": _year(wanted, row, reading),
        "day": _day(wanted, row, reading),
        "digest": float(DIGEST in flags),
        "teaser": float(any(flag.startswith(TEASER) for flag in flags)),
        "notice": float(is_notice),
        "plan": float(PLAN in flags),
        "notice_kind": float(is_notice and not NOTICE_KINDS.isdisjoint(wanted.kinds)),
        "opening": float(row.chunk.start == 0),
        "other_language": float(row.article.lang != wanted.lang),
    }


def _year(wanted: Wanted, row: Candidate, reading: Reading) -> float:
    if not wanted.years:
        return 0.0
    named = set(years_in(reading.text)) | set(years_in(reading.header))
    if named & wanted.years:
        return 1.0
    if row.article.published is not None and row.article.published.year in wanted.years:
        return 0.5
    return -1.0 if named or row.article.published is not None else 0.0


def _day(wanted: Wanted, row: Candidate, reading: Reading) -> float:
    if not wanted.days:
        return 0.0
    named = set(days_in(reading.text)) | set(days_in(reading.header))
    if named & wanted.days:
        return 1.0
    published = row.article.published
    if published is not None and (published.month, published.day) in wanted.days:
        return 0.5
    return -1.0 if named else 0.0


def _among(wanted: Wanted, candidates: Sequence[Candidate]) -> list[dict[str, float]]:
    """Return what depends on the other candidates: shares of the best, siblings, newness."""
    arms = {name: [row.hit.arms.get(name, 0.0) for row in candidates] for name in ("lexical", "dense")}
    best = {name: max(scores) or 1.0 for name, scores in arms.items()}
    fused = [row.hit.score for row in candidates]
    top = max(fused) or 1.0
    words = _best_of_article(candidates, arms["lexical"])
    both = _best_of_article(candidates, fused)
    newness = _newness(candidates) if wanted.fresh else [0.0] * len(candidates)
    return [
        {
            **{name: arms[name][at] for name in arms},
            **{f"{name}_best": arms[name][at] / best[name] for name in arms},
            **{f"{name}_rank": 5.0 / (row.hit.origins[name] + 4) if name in row.hit.origins else 0.0 for name in arms},
            "fused": fused[at],
            "fused_best": fused[at] / top,
            "article_lexical": words[row.article.article_id] / best["lexical"],
            "article_fused": both[row.article.article_id] / top,
            "fresh": newness[at],
        }
        for at, row in enumerate(candidates)
    ]


def _best_of_article(candidates: Sequence[Candidate], scores: Sequence[float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for row, score in zip(candidates, scores, strict=True):
        found[row.article.article_id] = max(found.get(row.article.article_id, 0.0), score)
    return found


def _newness(candidates: Sequence[Candidate]) -> list[float]:
    """Return each candidate's place among the days of publication, 0 the oldest, 1 the newest; 0 without a day."""
    days = sorted({row.article.published for row in candidates if row.article.published is not None})
    place = {day: (at + 1) / len(days) for at, day in enumerate(days)}
    return [0.0 if row.article.published is None else place[row.article.published] for row in candidates]
