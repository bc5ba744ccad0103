"""How well a sentence, in its passage, covers what a question asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.answer.coverage import Unit, coverage
from rag.answer.kinds import asked_for, holds
from rag.answer.scoring import Sentence, feature_rows, load_scorer
from rag.answer.statements import statement_spans
from rag.retrieve.followup import completed
from rag.text.tokens import index_tokens
from rag.types import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rag.answer.kinds import Asked
    from rag.answer.parts import Part
    from rag.protocols import Embedder
    from rag.types import Passage, Question

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A sentence that may answer. `span` is in the article; `own` and `covered` are shares of the question's weight.

    `own` is what the sentence itself holds, `covered` what it holds together with its passage, title and date.
    `fits` tells whether it has the kind of thing asked for, and every year and Latin name of the question is there.
    `score` is its share, 0 to 1, among all sentences, and `features` are what it was computed from.
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
    features: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statement:
    """A sentence with its place in the passage, its tokens, and those of the passage (`around`)."""

    passage: Passage
    span: Span
    at: int
    text: str
    tokens: frozenset[str]
    around: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The sentences of the passages, read once for a question and all its parts.

    `vectors` has a row for each.
    """

    statements: tuple[_Statement, ...]
    vectors: NDArray[np.float32]


def read_sheet(passages: Sequence[Passage], *, embedder: Embedder) -> Sheet:
    """Return every sentence of the passages, in passage order and reading order."""
    statements = tuple(statement for passage in passages for statement in _statements(passage))
    vectors = embedder.embed([statement.text for statement in statements], kind="document")
    return Sheet(statements=statements, vectors=vectors)


def gather(
    question: Question, sheet: Sheet, *, units: Sequence[Unit], parts: Sequence[Part], embedder: Embedder
) -> list[Evidence]:
    """Return every sentence of the sheet with its scores, in the sheet's order. `parts` are the clauses that ask."""
    sentences = sentences_of(completed(question), sheet, embedder=embedder)
    rows = feature_rows(question, sentences, units=units, parts=parts)
    scores = load_scorer().scores(rows)
    asked = asked_for(question.text)
    return [
        _evidence(question, statement, asked=asked, units=units, cosine=sentence.cosine, score=float(score), row=row)
        for statement, sentence, score, row in zip(sheet.statements, sentences, scores, rows.tolist(), strict=True)
    ]


def sentences_of(question: str, sheet: Sheet, *, embedder: Embedder) -> list[Sentence]:
    """Return the sentences of a sheet as they are scored."""
    return [
        Sentence(passage=row.passage, text=row.text, tokens=row.tokens, at=row.at, cosine=cosine)
        for row, cosine in zip(sheet.statements, _cosines(question, sheet, embedder), strict=True)
    ]


def _statements(passage: Passage) -> list[_Statement]:
    around = frozenset(index_tokens(f"{passage.header}\n{passage.text}"))
    statements: list[_Statement] = []
    for at, span in enumerate(statement_spans(passage.text)):
        text = passage.text[span.start : span.end]
        tokens = frozenset(index_tokens(text))
        statements.append(
            _Statement(passage=passage, span=span, at=at, text=text, tokens=tokens, around=tokens | around)
        )
    return statements


def _evidence(
    question: Question,
    statement: _Statement,
    *,
    asked: Asked,
    units: Sequence[Unit],
    cosine: float,
    score: float,
    row: Sequence[float],
) -> Evidence:
    passage, span, text = statement.passage, statement.span, statement.text
    own, covered = (coverage(units, seen) for seen in (statement.tokens, statement.around))
    return Evidence(
        passage=passage,
        span=Span(passage.start + span.start, passage.start + span.end),
        text=text,
        tokens=statement.tokens,
        score=score,
        own=own,
        covered=covered,
        cosine=cosine,
        fits=holds(text, asked=asked, question=question.text)
        and _names_years(question.text, passage)
        and all(unit.is_in(statement.around) for unit in units if unit.is_name),
        features=tuple(row),
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
