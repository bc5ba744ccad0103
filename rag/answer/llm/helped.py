"""A retriever that also searches for what a language model makes of the question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from rag.text.language import detect_lang
from rag.text.tokens import index_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.answer.llm.queries import Help, QueryWriter
    from rag.protocols import Retriever
    from rag.types import Passage, Question

# What the first passages may hold together, as `huwen ask --json` promises.
FIRST, MOST_CHARS = 5, 2500
# Of a completed follow-up's words, how many the question and the conversation must hold: of the right ones in
# `eval/qa/followups.jsonl` at least 50 %, of those of another conversation at most 38 %.
LEAST_SHARED = 0.45


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpedRetriever:
    """Searches as asked and in other forms. A follow-up completed by the model replaces the question where it finds more.

    What a model makes of a question is less sure than the question: it never displaces the first passages found as asked.
    """

    retriever: Retriever
    writer: QueryWriter
    helps: Sequence[Help]

    def retrieve(self, question: Question, *, k: int) -> tuple[Passage, ...]:
        """Return at most k passages: the first as asked, then the best of every form in turn, each chunk once."""
        found = self.retriever.retrieve(question, k=k)
        if "condense" in self.helps and question.history:
            question, found = self._condensed(question, found, k=k)
        sets = [found]
        for help_ in self.helps:
            if help_ != "condense":
                queries = self.writer.write(help_, question)
                sets += [self.retriever.retrieve(_asked(question, text), k=k) for text in queries]
        return found if len(sets) == 1 else _joined(sets, k=k)

    def _condensed(
        self, question: Question, found: tuple[Passage, ...], *, k: int
    ) -> tuple[Question, tuple[Passage, ...]]:
        for text in self.writer.write("condense", question):
            if not _keeps_to_conversation(text, question):
                continue
            completed = _asked(question, text)
            better = self.retriever.retrieve(completed, k=k)
            if better and (not found or better[0].score >= found[0].score):
                return completed, better
        return question, found


def _asked(question: Question, text: str) -> Question:
    return replace(question, text=text, lang=detect_lang(text), history=())


def _keeps_to_conversation(text: str, question: Question) -> bool:
    said = "\n".join([question.text, *(turn.content for turn in question.history)])
    words = set(index_tokens(text))
    return len(words & set(index_tokens(said))) >= LEAST_SHARED * len(words)


def _joined(sets: Sequence[Sequence[Passage]], *, k: int) -> tuple[Passage, ...]:
    """Take the first passages of the first set, then one of each set in turn.

    One that would make the first ones too long waits until after them.
    """
    asked, *others = sets
    turns = [row for place in zip_longest(*others, asked[FIRST:]) for row in place if row is not None]
    first: list[Passage] = []
    rest: list[Passage] = []
    for row in (*asked[:FIRST], *turns):
        if any(_holds(other, row) for other in first + rest):
            continue
        fits = len(first) < FIRST and sum(len(other.text) for other in first) + len(row.text) <= MOST_CHARS
        (first if fits else rest).append(row)
    return tuple(replace(row, rank=rank) for rank, row in enumerate((first + rest)[:k], 1))


def _holds(other: Passage, row: Passage) -> bool:
    """Tell whether a passage is another one, or a part of it: neighbours may have become one in one search only."""
    return (
        other.article_id == row.article_id
        and other.start <= row.start
        and len(row.text) <= len(other.text) + other.start - row.start
    )
