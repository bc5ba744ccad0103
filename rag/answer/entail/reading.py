"""What a sentence states, as the checks of grounding read it: its words, figures, dates, codes and stances."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.text.codes import Code
from rag.text.dates import DateMention
from rag.text.direction import stances
from rag.text.figures import Figure
from rag.text.marks import read_marks
from rag.text.normalise import level
from rag.text.sentences import sentence_spans
from rag.text.tokens import index_tokens
from rag.types import Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rag.text.direction import Stance
    from rag.types import Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A sentence taken apart; every span is of `text`, which is levelled: one width, one kind of quotation mark."""

    text: str
    tokens: frozenset[str]
    figures: tuple[Figure, ...]
    dates: tuple[DateMention, ...]
    codes: tuple[Code, ...]
    stances: tuple[Stance, ...]

    def stance_at(self, at: int) -> Stance | None:
        """Return the stance of the clause that holds the character at this place."""
        return next((row for row in self.stances if row.span.start <= at < row.span.end), None)

    def quoted(self, span: Span) -> str:
        """Return the characters of a span."""
        return self.text[span.start : span.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A sentence of a cited passage; `span` is in the article. `place` counts the passage's sentences from 0."""

    passage: Passage
    span: Span
    place: int
    reading: Reading


def read(text: str, *, reference: date | None) -> Reading:
    """Take a sentence apart; relative dates count from `reference`."""
    marks = read_marks(text, reference=reference)
    return Reading(
        text=level(text),
        tokens=frozenset(index_tokens(text)),
        figures=tuple(mark for mark in marks if isinstance(mark, Figure)),
        dates=tuple(mark for mark in marks if isinstance(mark, DateMention)),
        codes=tuple(mark for mark in marks if isinstance(mark, Code)),
        stances=tuple(stances(text)),
    )


def sources_of(passages: Sequence[Passage]) -> list[Source]:
    """Return every sentence of the passages, in order."""
    return [
        Source(
            passage=passage,
            span=Span(passage.start + span.start, passage.start + span.end),
            place=place,
            reading=reading,
        )
        for passage in passages
        for place, (span, reading) in enumerate(_sentences_read(passage.text, passage.published))
    ]


# The sentences of a draft cite the same passages again and again; this holds those of several answers at once.
@lru_cache(maxsize=64)
def _sentences_read(text: str, reference: date | None) -> tuple[tuple[Span, Reading], ...]:
    return tuple((span, read(text[span.start : span.end], reference=reference)) for span in sentence_spans(text))
