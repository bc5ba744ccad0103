"""What flows through the stages of a search: the question, the ways to ask it, what each arm found, the candidates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from rag.protocols import ArticleStore, ChunkIndex

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.types import Article, Chunk, FusedHit, Hit, Question


class SearchIndex(ArticleStore, ChunkIndex, Protocol):
    """One revision of an index: its articles and its chunks."""

    def find_articles(self, ids: Sequence[str], *, source: str | None = None) -> list[Article]:
        """Return the articles whose own or page's id is among `ids`, or that are from the source."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One way of asking, as the lexical arm searches it.

    `origin` says where it comes from: `asked`, `synonym`, ... A chunk's lexical score is the best over all queries of
    its score times their `weight`.
    """

    text: str
    origin: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A chunk that may become a passage. `also` holds the ids of articles that it stands for, its own left out."""

    chunk: Chunk
    article: Article
    hit: FusedHit
    also: tuple[str, ...] = ()


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


class Stage(Protocol):
    """One step of a search. What it needs from outside (an index, a model) it holds."""

    def run(self, search: Search) -> Search:
        """Return the search with this step done."""
        ...
