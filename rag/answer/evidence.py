"""A statement of the passages, and how likely it is that it answers a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.answer.features import FEATURES

if TYPE_CHECKING:
    from rag.answer.sheet import Line, Page
    from rag.types import Passage, Span

_OWN, _NAMES = FEATURES.index("own"), FEATURES.index("names")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A statement that may answer. `span` is in the article, `page` what its passage holds.

    `score` is its share, 0 to 1, among all statements, and `features` are what it was computed from; before that they are
    0 and empty.
    """

    page: Page
    line: Line
    span: Span
    cosine: float
    score: float = 0.0
    features: tuple[float, ...] = ()

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

    @property
    def speaks_of_all(self) -> bool:
        """Whether its passage holds every Latin name of the question, and speaks of each of its years."""
        return self.features[_NAMES] == 1.0
