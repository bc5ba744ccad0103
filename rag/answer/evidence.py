"""A statement of the passages, and how likely it is that it answers a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.answer.features import FEATURES, feature_rows
from rag.answer.scoring import load_scorer
from rag.retrieve.followup import completed
from rag.types import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.answer.coverage import Unit
    from rag.answer.parts import Part
    from rag.answer.sheet import Line, Page, Reader, Row
    from rag.types import Passage, Question

_OWN = FEATURES.index("own")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A statement that may answer. `span` is in the article, `page` what its passage holds.

    `score` is its share, 0 to 1, among all statements, and `features` are what it was computed from.
    """

    page: Page
    line: Line
    span: Span
    score: float
    cosine: float
    features: tuple[float, ...]

    @property
    def passage(self) -> Passage:
        """Where it stands."""
        return self.page.passage

    @property
    def text(self) -> str:
        """The statement."""
        return self.line.text

    @property
    def tokens(self) -> frozenset[str]:
        """The tokens of the statement."""
        return self.line.tokens

    @property
    def own(self) -> float:
        """The share of the question's weight that it holds itself."""
        return self.features[_OWN]


def gather(
    question: Question, sheet: Sequence[Row], *, units: Sequence[Unit], parts: Sequence[Part], reader: Reader
) -> list[Evidence]:
    """Return every statement of the sheet with its scores, in the sheet's order. `parts` are the clauses that ask."""
    cosines = reader.likeness(completed(question), sheet)
    rows = feature_rows(question, sheet, cosines, units=units, parts=parts)
    scores = load_scorer().scores(rows).tolist()
    return [
        _evidence(row, cosine=cosine, score=score, features=tuple(features))
        for row, cosine, score, features in zip(sheet, cosines, scores, rows.tolist(), strict=True)
    ]


def _evidence(row: Row, *, cosine: float, score: float, features: tuple[float, ...]) -> Evidence:
    start = row.page.passage.start
    return Evidence(
        page=row.page,
        line=row.line,
        span=Span(start + row.span.start, start + row.span.end),
        score=score,
        cosine=cosine,
        features=features,
    )
