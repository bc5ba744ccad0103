"""The built-in answerer: quotes the sentences that answer best, or refuses. No model writes a word of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.answer.accounts import account
from rag.answer.cite import Sentence, cited
from rag.answer.coverage import mixed_units
from rag.answer.explain import chosen
from rag.answer.findings import Lookup, look_up, lookup_of
from rag.answer.framing import framed, rows_to_quote
from rag.answer.overview import LIKELIEST, is_gathering, leads
from rag.answer.phrases import framed_quote
from rag.answer.refusal import refused
from rag.answer.statements import one_line
from rag.answer.verdict import verdict
from rag.types import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rag.answer.evidence import Evidence
    from rag.answer.sheet import Reader, Row
    from rag.types import Passage, Question

NAME = "extractive"
# Sentences are quoted until they hold this share of the likelihood of all, so that a sure answer is short.
HELD = 0.77
MAX_SENTENCES = 5
# A sentence of which the shorter one's tokens are mostly in the other says the same.
SAME = 0.7
# What one part of a question weighs beside the whole, which names the subject of all its parts.
PART_SHARE = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractiveAnswerer:
    """Answers with verbatim sentences. `idf` weighs the question's tokens by how rare they are in the corpus."""

    reader: Reader
    idf: Callable[[Sequence[str]], list[float]]

    @property
    def name(self) -> str:
        """What `Answer.llm` says."""
        return NAME

    def answer(self, question: Question, passages: Sequence[Passage], *, emit: Callable[[str], None]) -> Answer:
        """Return the best sentences in reading order, each with its citation, or a refusal."""
        lookup = lookup_of(question, idf=self.idf, reader=self.reader)
        sheet = self.reader.read(passages)
        findings = look_up(lookup, sheet)
        judged = verdict(lookup, passages, findings=findings)
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
            picked = rows_to_quote(_picked(lookup, sheet, findings.ranked), judged)
            answer = self._quoted(question, passages, picked, judged.confidence)
            answer = replace(answer, explain={"sentences": chosen(picked, findings.ranked)})
        answer = framed(answer, judged)
        emit(answer.text)
        return answer

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


def _picked(lookup: Lookup, sheet: Sequence[Row], ranked: Sequence[Evidence]) -> list[Evidence]:
    """Return the sentences to quote: the likeliest few, and the best for each part of a question that has several.

    Of a question for all there is, each article has its say, in the order of their dates.
    """
    if is_gathering(lookup.question):
        return _by_date(_all_of(ranked))
    picked = _likeliest(ranked)
    for part in lookup.parts if len(lookup.parts) > 1 else ():
        mixed = mixed_units(part.units, lookup.units, share=PART_SHARE)
        best = look_up(replace(lookup, question=part.question, units=mixed, parts=(part,)), sheet).ranked[0]
        if not _is_said(best, picked):
            picked.append(best)
    return _in_reading_order(picked)


def _likeliest(ranked: Sequence[Evidence]) -> list[Evidence]:
    picked: list[Evidence] = []
    held = 0.0
    for row in ranked:
        if held >= HELD or len(picked) == MAX_SENTENCES:
            break
        held += row.score
        if not _is_said(row, picked):
            picked.append(row)
    return picked


def _all_of(ranked: Sequence[Evidence]) -> list[Evidence]:
    picked = leads(ranked)
    for row in ranked[:LIKELIEST]:
        if not _is_said(row, picked):
            picked.append(row)
    return picked


def _by_date(picked: Sequence[Evidence]) -> list[Evidence]:
    """Group by article, the oldest first; an article without a date comes last."""
    return sorted(
        _in_reading_order(picked),
        key=lambda row: (row.passage.published is None, row.passage.published, row.passage.article_id),
    )


def _is_said(row: Evidence, picked: Sequence[Evidence]) -> bool:
    return any(len(row.tokens & other.tokens) >= SAME * min(len(row.tokens), len(other.tokens)) for other in picked)


def _in_reading_order(picked: Sequence[Evidence]) -> list[Evidence]:
    """Group by article in the order of the best sentence of each, then by place; a sentence picked twice stands once."""
    order = {row.passage.article_id: at for at, row in reversed(list(enumerate(picked)))}
    places = {(row.passage.article_id, row.span): row for row in reversed(picked)}
    return [places[key] for key in sorted(places, key=lambda key: (order[key[0]], key[1].start))]
