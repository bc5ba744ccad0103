"""The retriever: a question through the stages of a search, each of which can be switched off."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.retrieve.arms import DenseArm, Fusion, LexicalArm
from rag.retrieve.candidates import Loading, Texts, passages
from rag.retrieve.clauses import Clauses
from rag.retrieve.conversation import better
from rag.retrieve.diversity import Collapse, Spread
from rag.retrieve.followup import completed, ways
from rag.retrieve.merging import Merging
from rag.retrieve.rerank import Reranking
from rag.retrieve.rewriting import ContentWords, Synonyms, Undated
from rag.retrieve.search import Search
from rag.retrieve.spelling import Mending
from rag.retrieve.translating import Translating
from rag.text.normalise import level

if TYPE_CHECKING:
    from rag.protocols import Embedder, Reranker
    from rag.retrieve.constraints import Constraining
    from rag.retrieve.search import SearchIndex, Stage
    from rag.types import Passage, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """Which stages take part: all, but where the evaluation asks what one of them is worth."""

    completion: bool = True
    mending: bool = True
    synonyms: bool = True
    translation: bool = True
    lexical: bool = True
    dense: bool = True
    rerank: bool = True
    constraints: bool = True
    clauses: bool = True
    collapse: bool = True
    spread: bool = True
    merging: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class HybridRetriever:
    """Searches by words and by vectors. `candidates` is how many hits each arm brings, at least 50."""

    index: SearchIndex
    embedder: Embedder
    candidates: int
    dense_weight: float
    reranker: Reranker
    texts: Texts
    constraining: Constraining
    switches: Switches = field(default_factory=Switches)

    def retrieve(self, question: Question, *, k: int) -> tuple[Passage, ...]:
        """Return at most k passages, best first, near-duplicates collapsed, articles spread."""
        return passages(self.searched(question, k=k), texts=self.texts)

    def searched(self, question: Question, *, k: int) -> Search:
        """Return the search as the last stage left it: of what a follow-up may mean, the one that finds the better."""
        texts = ways(question) if self.switches.completion else (question.text,)
        return better([self._ordered(self.gathered(question, k=k, text=text)) for text in texts])

    def gathered(self, question: Question, *, k: int, text: str | None = None) -> Search:
        """Return the search with its candidates as the arms found them, before any of them is judged by its text.

        `text` is what the question means; `None` is the question completed where it looks as if it cannot stand alone.
        """
        search = Search(question=question, k=k, text=level(completed(question) if text is None else text))
        for stage in self._gather():
            search = stage.run(search)
        return search

    def _ordered(self, search: Search) -> Search:
        for stage in self._order():
            search = stage.run(search)
        return search

    def _gather(self) -> tuple[Stage, ...]:
        on = self.switches
        stages: tuple[tuple[bool, Stage], ...] = (
            (True, ContentWords()),
            (on.constraints, Undated()),
            (on.mending, Mending(idf=self.index.idf)),
            (on.translation, Translating(idf=self.index.idf)),
            (on.synonyms, Synonyms()),
            (on.lexical, LexicalArm(index=self.index, candidates=self.candidates)),
            (on.dense, DenseArm(index=self.index, embedder=self.embedder, candidates=self.candidates)),
            (True, Fusion(dense_weight=self.dense_weight)),
            (True, Loading(texts=self.texts)),
        )
        return tuple(stage for is_on, stage in stages if is_on)

    def _order(self) -> tuple[Stage, ...]:
        on = self.switches
        stages: tuple[tuple[bool, Stage], ...] = (
            (on.rerank, Reranking(reranker=self.reranker)),
            (on.constraints and on.rerank, self.constraining),
            (on.clauses and on.rerank, Clauses()),
            (on.collapse, Collapse()),
            (on.spread, Spread()),
            (on.merging, Merging()),
        )
        return tuple(stage for is_on, stage in stages if is_on)
