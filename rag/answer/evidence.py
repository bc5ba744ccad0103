"""How well a sentence, in its passage, covers what a question asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.answer.coverage import Unit, coverage
from rag.answer.kinds import asked_for, holds
from rag.answer.statements import statement_spans
from rag.retrieve.followup import completed
from rag.text.tokens import index_tokens
from rag.types import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rag.answer.kinds import Asked
    from rag.protocols import Embedder
    from rag.types import Passage, Question

# What a question's words are worth when the sentence before holds them, and when the rest of the passage does.
NEAR_WEIGHT = 0.7
CONTEXT_WEIGHT = 0.5
COSINE_WEIGHT = 0.4
KIND_BONUS = 0.15
PASSAGE_WEIGHT = 0.2
# Likelihoods fall steeply from the first passage on; this keeps the later ones in play.
SHARE_POWER = 0.25

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A sentence that may answer. `span` is in the article; `own` and `covered` are shares of the question's weight.

    `own` is what the sentence itself holds, `covered` what it holds together with its passage, title and date.
    `fits` tells whether it has the kind of thing asked for, and every year and Latin name of the question is there.
    """

    passage: Passage
    span: Span
    text: str
    tokens: frozenset[str]
    score: float
    own: float
    covered: float
    cosine: float
    fits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statement:
    """A sentence with its tokens, those of the sentence before added (`near`), and those of the passage (`around`)."""

    passage: Passage
    span: Span
    text: str
    tokens: frozenset[str]
    near: frozenset[str]
    around: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The sentences of the passages, read once for a question and all its parts.

    `vectors` has a row for each; `best` is the passages' highest score.
    """

    statements: tuple[_Statement, ...]
    vectors: NDArray[np.float32]
    best: float


def read_sheet(passages: Sequence[Passage], *, embedder: Embedder) -> Sheet:
    """Return every sentence of the passages, in passage order and reading order."""
    statements = tuple(statement for passage in passages for statement in _statements(passage))
    vectors = embedder.embed([statement.text for statement in statements], kind="document")
    best = max((passage.score for passage in passages), default=0.0) or 1.0
    return Sheet(statements=statements, vectors=vectors, best=best)


def gather(question: Question, sheet: Sheet, *, units: Sequence[Unit], embedder: Embedder) -> list[Evidence]:
    """Return every sentence of the sheet with its scores, in the sheet's order."""
    cosines = _cosines(completed(question), sheet, embedder)
    asked = asked_for(question.text)
    return [
        _evidence(
            question,
            statement,
            asked=asked,
            units=units,
            cosine=cosine,
            share=(statement.passage.score / sheet.best) ** SHARE_POWER,
        )
        for statement, cosine in zip(sheet.statements, cosines, strict=True)
    ]


def _statements(passage: Passage) -> list[_Statement]:
    around = frozenset(index_tokens(f"{passage.header}\n{passage.text}"))
    statements: list[_Statement] = []
    before: frozenset[str] = frozenset()
    for span in statement_spans(passage.text):
        text = passage.text[span.start : span.end]
        tokens = frozenset(index_tokens(text))
        statements.append(
            _Statement(
                passage=passage, span=span, text=text, tokens=tokens, near=tokens | before, around=tokens | around
            )
        )
        before = tokens
    return statements


def _evidence(
    question: Question,
    statement: _Statement,
    *,
    asked: Asked,
    units: Sequence[Unit],
    cosine: float,
    share: float,
) -> Evidence:
    passage, span, text = statement.passage, statement.span, statement.text
    own, near, covered = (coverage(units, seen) for seen in (statement.tokens, statement.near, statement.around))
    has_kind = holds(text, asked=asked, question=question.text)
    return Evidence(
        passage=passage,
        span=Span(passage.start + span.start, passage.start + span.end),
        text=text,
        tokens=statement.tokens,
        score=own
        + NEAR_WEIGHT * (near - own)
        + CONTEXT_WEIGHT * (covered - near)
        + COSINE_WEIGHT * cosine
        + PASSAGE_WEIGHT * share
        + (KIND_BONUS if has_kind else 0.0),
        own=own,
        covered=covered,
        cosine=cosine,
        fits=has_kind
        and _names_years(question.text, passage)
        and all(unit.is_in(statement.around) for unit in units if unit.is_name),
    )


def _names_years(question: str, passage: Passage) -> bool:
    text = f"{passage.header}\n{passage.text}"
    published = None if passage.published is None else passage.published.year
    for year in _YEAR.findall(question):
        last_year = published is not None and int(year) == published - 1 and re.search("去年|上年|last year", text)
        if year not in text and published != int(year) and not last_year:
            return False
    return True


def _cosines(question: str, sheet: Sheet, embedder: Embedder) -> list[float]:
    if not sheet.statements:
        return []
    query = embedder.embed([question], kind="query")[0]
    return [float(value) for value in np.maximum(sheet.vectors @ query, 0.0)]
