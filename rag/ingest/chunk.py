"""One article to its chunks: whole clauses and sentences packed up to a size, a new one at a section's title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.ingest.clauses import clause_starts
from rag.ingest.doctype import NOTICE, PLAN
from rag.ingest.sections import section_titles
from rag.text.sentences import clause_spans, sentence_spans
from rag.types import Chunk, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from rag.types import Article, Lang

# Changes whenever the same article would give other chunks.
CHUNK_VERSION = "5"
# Five passages are to fit into 2,500 characters, whatever the language.
MAX_CHARS = 480
# A section shorter than this shares its chunk with the next.
SMALLEST_SECTION = 240
# In a plan, which is cut by clause, less is enough for a chunk of its own.
SMALLEST_CLAUSE = 120
MAX_UTF8_BYTES = 4
HEADER_SEPARATOR = " · "
LAST_DAY: Mapping[Lang, str] = {"zh": "至{day}", "en": "until {day}"}


def chunk_article(article: Article, *, count: Callable[[str], int], limit: int) -> tuple[Chunk, ...]:
    """Return the chunks in reading order; each holds at most `limit` tokens as `count` counts them, and `MAX_CHARS`.

    Their spans do not overlap and cover every sentence. An article without text gives one empty chunk, so that its
    title can be found.
    """
    if not article.text.strip():
        return (_chunk(article, Span(0, 0), None),)
    fits = _Fits(article.text, count=count, limit=limit)
    titles = section_titles(article.text)
    clauses = clause_starts(article.text)
    is_plan = PLAN in article.flags
    borders = {title.start for title in titles} | (clauses if is_plan else frozenset())
    units = _units(article.text, titles, clauses=clauses, fits=fits)
    spans = _pack(units, fits, borders=borders, smallest=SMALLEST_CLAUSE if is_plan else SMALLEST_SECTION)
    return tuple(
        _chunk(article, span, _section_of(span, titles, article.text), _last_day(article, span)) for span in spans
    )


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


def _units(text: str, titles: Sequence[Span], *, clauses: Collection[int], fits: _Fits) -> list[Span]:
    """Return what is packed whole: clauses that fit, with a title above them, and the sentences of all else."""
    heads = {title.start for title in titles}
    units: list[Span] = []
    for group in _groups(sentence_spans(text), heads, clauses):
        whole = Span(group[0].start, group[-1].end)
        if fits(whole.start, whole.end):
            units.append(whole)
        else:
            units += [part for sentence in group for part in _within_limit(sentence, fits)]
    return units


def _groups(sentences: Sequence[Span], heads: Collection[int], clauses: Collection[int]) -> Iterator[list[Span]]:
    """Yield the sentences of each clause, and of each title with what stands first below it, and others one by one."""
    group: list[Span] = []
    for sentence in sentences:
        last_is_head = bool(group) and group[-1].start in heads
        in_clause = bool(group) and any(row.start in clauses for row in group)
        opens = sentence.start in clauses or sentence.start in heads
        if group and (last_is_head or (in_clause and not opens)):
            group.append(sentence)
            continue
        if group:
            yield group
        group = [sentence]
    if group:
        yield group


def _pack(units: Sequence[Span], fits: _Fits, *, borders: Collection[int], smallest: int) -> list[Span]:
    packed: list[Span] = []
    for unit in units:
        at_border = unit.start in borders and packed and packed[-1].end - packed[-1].start >= smallest
        if packed and not at_border and fits(packed[-1].start, unit.end):
            packed[-1] = Span(packed[-1].start, unit.end)
        else:
            packed.append(unit)
    return packed


def _is_bare_id(article: Article) -> bool:
    """Tell whether an article has no title but the id of its record, which says nothing: a number, a digest."""
    title = article.title
    return (
        title == article.page_id
        and any(map(str.isdigit, title))
        and title.isascii()
        and not any(map(str.isspace, title))
    )


def _section_of(span: Span, titles: Sequence[Span], text: str) -> str | None:
    """Return the title of the section in which the span begins."""
    above = [title for title in titles if title.start <= span.start]
    return text[above[-1].start : above[-1].end] if above else None


def _last_day(article: Article, span: Span) -> str | None:
    """Return a notice's last day for the header of a chunk that does not hold it itself, `None` for others.

    Where every chunk said it in full, a question for the last day matched all of them alike.
    """
    deadline = article.particulars.deadline if NOTICE in article.flags else None
    if deadline is None or span.start <= deadline.span.start < span.end:
        return None
    return LAST_DAY[article.lang].format(day=deadline.last.isoformat())


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


def _chunk(article: Article, span: Span, section: str | None, deadline: str | None = None) -> Chunk:
    parts = (None if _is_bare_id(article) else article.title, section, deadline)
    return Chunk(
        chunk_id=f"{article.article_id}@{span.start}",
        article_id=article.article_id,
        start=span.start,
        end=span.end,
        header=HEADER_SEPARATOR.join(part for part in parts if part is not None),
        text=article.text[span.start : span.end],
    )
