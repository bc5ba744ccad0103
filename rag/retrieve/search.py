"""What flows through the stages of a search: the question, the ways to ask it, what each arm found, the candidates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from rag.protocols import ArticleStore, ChunkIndex
from rag.search_types import Asked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.search_types import Candidate, Query
    from rag.types import Article, FusedHit, Hit, Question


class SearchIndex(ArticleStore, ChunkIndex, Protocol):
    """One revision of an index: its articles and its chunks."""

    def find_articles(self, ids: Sequence[str], *, source: str | None = None) -> list[Article]:
        """Return the articles whose own or page's id is among `ids`, or that are from the source."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The state of one search; each stage returns a new one.

    `text` is the question as it can be understood by itself. `arms` maps an arm's name to its hits, `hits` is their
    fusion, best first, and `candidates` are the best of them with their chunks, best first; the last stage leaves at
    most `k`.
    """

    question: Question
    k: int
    text: str
    queries: tuple[Query, ...] = ()
    arms: Mapping[str, tuple[Hit, ...]] = field(default_factory=dict)
    hits: tuple[FusedHit, ...] = ()
    candidates: tuple[Candidate, ...] = ()

    @property
    def asked(self) -> Asked:
        """The question with the ways of asking it."""
        return Asked(question=self.question, text=self.text, queries=self.queries)


class Stage(Protocol):
    """One step of a search. What it needs from outside (an index, a model) it holds."""

    def run(self, search: Search) -> Search:
        """Return the search with this step done."""
        ...
