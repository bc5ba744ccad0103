"""One article to its chunks: whole sentences packed up to a size, a new one at a section's title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.ingest.sections import section_titles
from rag.text.sentences import clause_spans, sentence_spans
from rag.types import Chunk, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from rag.types import Article

# Changes whenever the same article would give other chunks.
CHUNK_VERSION = "1"
# Five passages are to fit into 2,500 characters, whatever the language.
MAX_CHARS = 480
# A section shorter than this shares its chunk with the next.
SMALLEST_SECTION = 120
MAX_UTF8_BYTES = 4
HEADER_SEPARATOR = " · "


def chunk_article(article: Article, *, count: Callable[[str], int], limit: int) -> tuple[Chunk, ...]:
    """Return the chunks in reading order; each holds at most `limit` tokens as `count` counts them, and `MAX_CHARS`.

    Their spans do not overlap and cover every sentence. An article without text gives one empty chunk, so that its
    title can be found.
    """
    if not article.text.strip():
        return (_chunk(article, Span(0, 0), None),)
    fits = _Fits(article.text, count=count, limit=limit)
    titles = section_titles(article.text)
    spans = _pack(sentence_spans(article.text), fits, borders={title.start for title in titles})
    return tuple(_chunk(article, span, _section_of(span, titles, article.text)) for span in spans)


class _Fits:
    """Whether a span of a text is within both limits."""

    def __init__(self, text: str, *, count: Callable[[str], int], limit: int) -> None:
        self._text = text
        self._count = count
        self._limit = limit

    @property
    def text(self) -> str:
        return self._text

    def __call__(self, start: int, end: int) -> bool:
        if end - start > MAX_CHARS:
            return False
        # A character gives at most one token for each of its UTF-8 bytes, so a short span needs no counting.
        return MAX_UTF8_BYTES * (end - start) <= self._limit or self._count(self._text[start:end]) <= self._limit


def _pack(sentences: Sequence[Span], fits: _Fits, *, borders: Collection[int]) -> list[Span]:
    packed: list[Span] = []
    for piece in (part for sentence in sentences for part in _within_limit(sentence, fits)):
        at_border = piece.start in borders and packed and packed[-1].end - packed[-1].start >= SMALLEST_SECTION
        if packed and not at_border and fits(packed[-1].start, piece.end):
            packed[-1] = Span(packed[-1].start, piece.end)
        else:
            packed.append(piece)
    return packed


def _section_of(span: Span, titles: Sequence[Span], text: str) -> str | None:
    """Return the title of the section in which the span begins."""
    above = [title for title in titles if title.start <= span.start]
    return text[above[-1].start : above[-1].end] if above else None


def _within_limit(sentence: Span, fits: _Fits) -> list[Span]:
    """Return the sentence whole if it fits, else its clauses, a clause that is too long cut hard."""
    if fits(sentence.start, sentence.end):
        return [sentence]
    text = fits.text[sentence.start : sentence.end]
    clauses = [Span(sentence.start + clause.start, sentence.start + clause.end) for clause in clause_spans(text)]
    return [piece for whole in clauses for piece in _hard_cuts(whole, fits)]


def _hard_cuts(span: Span, fits: _Fits) -> Iterator[Span]:
    start = span.start
    while start < span.end:
        end = span.end
        while not fits(start, end) and end - start > 1:
            end = start + (end - start) // 2
        yield Span(start, end)
        start = end


def _chunk(article: Article, span: Span, section: str | None) -> Chunk:
    header = article.title if section is None else f"{article.title}{HEADER_SEPARATOR}{section}"
    return Chunk(
        chunk_id=f"{article.article_id}@{span.start}",
        article_id=article.article_id,
        start=span.start,
        end=span.end,
        header=header,
        text=article.text[span.start : span.end],
    )
