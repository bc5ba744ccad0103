"""The built-in answerer: quotes the sentences that answer best, or refuses. No model writes a word of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.answer.accounts import account
from rag.answer.cite import Sentence, cited
from rag.answer.coverage import Unit, coverage, mixed_units, units_of
from rag.answer.evidence import Evidence, Sheet, gather, read_sheet
from rag.answer.framing import framed, rows_to_quote
from rag.answer.parts import parts_of
from rag.answer.phrases import framed_quote
from rag.answer.refusal import refused
from rag.answer.statements import one_line
from rag.answer.verdict import verdict
from rag.types import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rag.protocols import Embedder
    from rag.types import Passage, Question

NAME = "extractive"
MAX_SENTENCES = 3
# A further sentence must be nearly as good as the first and bring words of the question that are not there yet.
NEARLY_AS_GOOD = 0.75
NEW_SHARE = 0.08
# What one part of a question weighs beside the whole, which names the subject of all its parts.
PART_SHARE = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractiveAnswerer:
    """Answers with verbatim sentences. `idf` weighs the question's tokens by how rare they are in the corpus."""

    embedder: Embedder
    idf: Callable[[Sequence[str]], list[float]]

    @property
    def name(self) -> str:
        """What `Answer.llm` says."""
        return NAME

    def answer(self, question: Question, passages: Sequence[Passage], *, emit: Callable[[str], None]) -> Answer:
        """Return the best sentences in reading order, each with its citation, or a refusal."""
        units = units_of(question, idf=self.idf)
        sheet = read_sheet(passages, embedder=self.embedder)
        evidence = gather(question, sheet, units=units, embedder=self.embedder)
        ranked = sorted(evidence, key=_rank_key, reverse=True)
        judged = verdict(question, passages, ranked=ranked, idf=self.idf)
        if judged.reason is not None and judged.premise is None:
            answer = refused(
                question,
                passages,
                reason=judged.reason,
                confidence=judged.confidence,
                llm=NAME,
                text=account(question, passages, judged),
            )
        else:
            picked = rows_to_quote(self._picked(question, sheet, ranked, units), judged)
            answer = self._quoted(question, passages, picked, judged.confidence)
        answer = framed(answer, judged)
        emit(answer.text)
        return answer

    def _picked(
        self,
        question: Question,
        sheet: Sheet,
        ranked: Sequence[Evidence],
        units: Sequence[Unit],
    ) -> list[Evidence]:
        """Return the sentences to quote: the best for each part, or the best few where the question is one."""
        parts = parts_of(question)
        if len(parts) == 1:
            return _in_reading_order(_picked(ranked, units))
        picked = [ranked[0]]
        for part in parts:
            mixed = mixed_units(units_of(part, idf=self.idf), units, share=PART_SHARE)
            picked.append(max(gather(part, sheet, units=mixed, embedder=self.embedder), key=_rank_key))
        return _in_reading_order(picked)

    def _quoted(
        self, question: Question, passages: Sequence[Passage], picked: Sequence[Evidence], confidence: float
    ) -> Answer:
        sentences = [
            Sentence(
                text=framed_quote(one_line(row.text), question_lang=question.lang, quote_lang=row.passage.lang),
                support=((row.passage, row.span),),
            )
            for row in picked
        ]
        parts = cited(sentences, passages)
        return Answer(
            question=question,
            status="answered",
            text=parts.text,
            confidence=confidence,
            passages=parts.passages,
            citations=parts.citations,
            claims=parts.claims,
            llm=NAME,
        )


def _rank_key(row: Evidence) -> tuple[bool, float, int, int]:
    return (row.fits, row.score, -row.passage.rank, -row.span.start)


def _picked(ranked: Sequence[Evidence], units: Sequence[Unit]) -> list[Evidence]:
    best = ranked[0]
    picked = [best]
    left = [unit for unit in units if not unit.is_in(best.tokens)]
    for row in ranked[1:]:
        if len(picked) == MAX_SENTENCES or row.score < NEARLY_AS_GOOD * best.score:
            break
        if row.fits and row not in picked and coverage(left, row.tokens) >= NEW_SHARE:
            picked.append(row)
            left = [unit for unit in left if not unit.is_in(row.tokens)]
    return picked


def _in_reading_order(picked: Sequence[Evidence]) -> list[Evidence]:
    """Group by article in the order of the best sentence of each, then by place; a sentence picked twice stands once."""
    order = {row.passage.article_id: at for at, row in reversed(list(enumerate(picked)))}
    places = {(row.passage.article_id, row.span): row for row in reversed(picked)}
    return [places[key] for key in sorted(places, key=lambda key: (order[key[0]], key[1].start))]
