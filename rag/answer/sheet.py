"""The passages of an answer as they are read: cut into statements, each with its tokens and vector, kept for the next question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.answer.shows import ends_open, form_of, shown_in
from rag.answer.statements import statement_spans
from rag.text.normalise import fold, level
from rag.text.tokens import index_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rag.protocols import Embedder
    from rag.types import Passage, Span

# So many statements are kept; each takes some 6 kB.
KEPT = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A statement, whoever asks and wherever it stands.

    `packed` is its folded text without white space, `levelled` its levelled text. `shows`, `form` and `ends_open` are what
    `rag.answer.shows` says of it.
    """

    text: str
    packed: str
    levelled: str
    tokens: frozenset[str]
    shows: tuple[bool, ...]
    form: tuple[float, ...]
    ends_open: bool
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A passage with the tokens of its header; `around` are those of the header and of every statement."""

    passage: Passage
    levelled_header: str
    header: frozenset[str]
    around: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A statement in its passage: `span` is where, `at` its number there."""

    page: Page
    line: Line
    span: Span
    at: int


class Reader:
    """Reads passages, and keeps their statements. Safe to share between threads: at worst one is read twice."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._kept: dict[str, Line] = {}

    def read(self, passages: Sequence[Passage]) -> tuple[Row, ...]:
        """Return every statement of the passages, in passage order and reading order."""
        spans = [tuple(statement_spans(passage.text)) for passage in passages]
        pairs = list(zip(passages, spans, strict=True))
        lines = self._lines([passage.text[span.start : span.end] for passage, found in pairs for span in found])
        rows: list[Row] = []
        for passage, found in pairs:
            of_page = lines[len(rows) : len(rows) + len(found)]
            page = _page(passage, of_page)
            places = zip(of_page, found, strict=True)
            rows += [Row(page=page, line=line, span=span, at=at) for at, (line, span) in enumerate(places)]
        return tuple(rows)

    def likeness(self, question: str, rows: Sequence[Row]) -> list[float]:
        """Return the cosine, 0 to 1, of each statement with a question."""
        if not rows:
            return []
        query = self._embedder.embed([question], kind="query")[0]
        cosines = np.stack([row.line.vector for row in rows]) @ query
        return [float(value) for value in np.maximum(cosines, 0.0)]

    def _lines(self, texts: Sequence[str]) -> list[Line]:
        kept = self._kept
        new = [text for text in dict.fromkeys(texts) if text not in kept]
        if new:
            # A new table, not a changed one: another thread may be reading the old one.
            vectors = self._embedder.embed(new, kind="document")
            read = {text: _line(text, vector=vector) for text, vector in zip(new, vectors, strict=True)}
            self._kept = {**kept, **read} if len(kept) + len(read) <= KEPT else read
            kept = {**kept, **read}
        return [kept[text] for text in texts]


def _line(text: str, *, vector: NDArray[np.float32]) -> Line:
    return Line(
        text=text,
        packed="".join(fold(text).split()),
        levelled=level(text),
        tokens=frozenset(index_tokens(text)),
        shows=shown_in(text),
        form=form_of(text),
        ends_open=ends_open(text),
        vector=vector,
    )


def _page(passage: Passage, lines: Sequence[Line]) -> Page:
    header = frozenset(index_tokens(passage.header))
    return Page(
        passage=passage,
        levelled_header=level(passage.header),
        header=header,
        around=header.union(*(line.tokens for line in lines)),
    )
