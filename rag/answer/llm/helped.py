"""A retriever that also searches for what a language model makes of the question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from rag.text.language import detect_lang

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.answer.llm.queries import Help, QueryWriter
    from rag.protocols import Retriever
    from rag.types import Passage, Question

# What the first passages may hold together, as `huwen ask --json` promises.
FIRST, MOST_CHARS = 5, 2500


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpedRetriever:
    """Searches as asked and in other forms. A follow-up completed by the model replaces the question where it finds more."""

    retriever: Retriever
    writer: QueryWriter
    helps: Sequence[Help]

    def retrieve(self, question: Question, *, k: int) -> tuple[Passage, ...]:
        """Return at most k passages: the best of every form in turn, each chunk once."""
        found = self.retriever.retrieve(question, k=k)
        if "condense" in self.helps and question.history:
            question, found = self._condensed(question, found, k=k)
        sets = [found]
        for help_ in self.helps:
            if help_ != "condense":
                queries = self.writer.write(help_, question)
                sets += [self.retriever.retrieve(_asked(question, text), k=k) for text in queries]
        return found if len(sets) == 1 else _in_turn(sets, k=k)

    def _condensed(
        self, question: Question, found: tuple[Passage, ...], *, k: int
    ) -> tuple[Question, tuple[Passage, ...]]:
        for text in self.writer.write("condense", question):
            completed = _asked(question, text)
            better = self.retriever.retrieve(completed, k=k)
            if better and (not found or better[0].score >= found[0].score):
                return completed, better
        return question, found


def _asked(question: Question, text: str) -> Question:
    return replace(question, text=text, lang=detect_lang(text), history=())


def _in_turn(sets: Sequence[Sequence[Passage]], *, k: int) -> tuple[Passage, ...]:
    """Take one passage of each set in turn; one that would make the first ones too long waits until after them."""
    rows = [row for place in zip_longest(*sets) for row in place if row is not None]
    once = list({row.chunk_id: row for row in reversed(rows)}.values())[::-1]
    first: list[Passage] = []
    rest: list[Passage] = []
    for row in once:
        fits = len(first) < FIRST and sum(len(other.text) for other in first) + len(row.text) <= MOST_CHARS
        (first if fits else rest).append(row)
    return tuple(replace(row, rank=rank) for rank, row in enumerate((first + rest)[:k], 1))
