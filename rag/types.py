"""The values that flow through the house, one type a stage; standard library only, no behaviour beyond a field's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Lang = Literal["zh", "en"]
Kind = Literal["query", "document"]
Status = Literal["answered", "refused"]
Reason = Literal["no_evidence", "weak_evidence", "outside_dates", "content_missing", "unsupported", "false_premise"]
EventKind = Literal["deadline", "event", "period", "signature"]
ContactKind = Literal["phone", "email", "person"]
Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of Unicode code points, `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One file, or one record of an export, as it was read: nothing split, cleaned or guessed.

    `page_id` is the record's own id where it has one (`own_id`), else the file's stem, which the sync makes distinct.
    `furniture` holds lines that its source repeats on most of its pages: footers, not content.
    """

    page_id: str
    own_id: bool
    text: str
    markup: Literal["plain", "markdown"]
    source_path: str
    title: str | None = None
    source: str | None = None
    published: date | None = None
    url: str | None = None
    furniture: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A day or period that an article names at `span`, its years and relative words counted from the article's own day.

    `first` and `last` are included; `minutes` are the first and last minute of the day, 0 to 1440. A `deadline` is the last
    day to do something, an `event` a day on which something happens, a `period` what a figure or state is of, a
    `signature` the day under a notice.
    """

    kind: EventKind
    first: date
    last: date
    span: Span
    minutes: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to turn to, as it is written at `span`."""

    kind: ContactKind
    value: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What an article says that programs can use, in the order of the text. Spans are of the article's text."""

    events: tuple[Event, ...] = ()
    contacts: tuple[Contact, ...] = ()
    urls: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()

    @property
    def deadline(self) -> Event | None:
        """The first deadline, `None` where no one is given a last day."""
        return next((row for row in self.events if row.kind == "deadline"), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One story. `text` is what citations index into; `flags` are codes such as `content_missing`.

    `source` is who published it here, `origin` whom it was taken from, where the text says so.
    """

    article_id: str
    page_id: str
    title: str
    text: str
    source_path: str
    lang: Lang
    source: str | None = None
    origin: str | None = None
    published: date | None = None
    url: str | None = None
    flags: tuple[str, ...] = ()
    particulars: Particulars = field(default_factory=Particulars)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePage:
    """Where an article's text comes from: its page as it was read, and the lines of the page that no article holds.

    `pieces` are (start, end, raw_start, raw_end): characters `start:end` of the article's text stand at
    `raw_start:raw_end` of the page, white space aside.
    """

    article: Article
    raw: str
    pieces: tuple[tuple[int, int, int, int], ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """What is indexed: the span `start:end` of its article's text. `header` is searched with it and never quoted."""

    chunk_id: str
    article_id: str
    start: int
    end: int
    header: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A chunk that one arm of the search found. `rank` counts from 1; a higher `score` is better."""

    chunk_id: str
    score: float
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FusedHit:
    """A chunk after fusion. `origins` gives its rank, `arms` its score in each arm that found it.

    Once the candidates are reranked, `score` is the probability, 0 to 1, that the chunk answers the question.
    """

    chunk_id: str
    score: float
    rank: int
    origins: Mapping[str, int]
    arms: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Hard limits on what may be searched; dates are inclusive, an article without a date passes none of them."""

    since: date | None = None
    until: date | None = None
    source: str | None = None
    lang: Lang | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word or phrase of a question and its counterparts in the other language with their shares, the likeliest first."""

    source: str
    options: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked, and under which conditions. `as_of` is the day that 今年 and “last year” count from.

    `terms` are its translations, where the articles may be in the other language.
    """

    text: str
    lang: Lang
    as_of: date | None = None
    filters: Filters = field(default_factory=Filters)
    history: tuple[Turn, ...] = ()
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A ranked chunk, or several that follow each other, with its article's particulars, as the answerer reads it.

    `score` is the probability, 0 to 1, that it is relevant, at most that of the passage before it. `chunk_id` names the chunk that scored best.
    `start` is where `text` begins in the article. `also` lists page ids of duplicates that were collapsed into this one.
    `label` is its number in the answer, `None` where the answer does not cite it.
    """

    rank: int
    chunk_id: str
    article_id: str
    page_id: str
    score: float
    title: str
    header: str
    text: str
    start: int
    lang: Lang
    source: str | None = None
    published: date | None = None
    url: str | None = None
    flags: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    origins: Mapping[str, int] = field(default_factory=dict)
    label: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A claim's link to the exact characters that support it: `article.text[start:end] == quote`."""

    label: int
    article_id: str
    page_id: str
    title: str
    quote: str
    start: int
    end: int
    source: str | None = None
    published: date | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One sentence of an answer, without its label marks. `problems` says why it is not supported."""

    text: str
    labels: tuple[int, ...]
    supported: bool
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """An article close to a question that was refused."""

    article_id: str
    title: str
    published: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One value that an article states of a measure. `period` is the time it was said of, first and last day, if known.

    `label` is the number of its passage in the answer.
    """

    value: str
    quote: str
    article_id: str
    title: str
    source: str | None = None
    published: date | None = None
    period: tuple[date, date] | None = None
    label: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Values of one measure that articles give differently, the latest fact first.

    `over_time` is true where they are of different times, so that each may be right for its own. `text` says it all in a
    sentence, the one that stands in the answer's notice.
    """

    measure: str
    values: tuple[Stated, ...]
    over_time: bool
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens that a language model counted for one answer."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer or a refusal, with all that is needed to check it, replay it and score it again.

    `explain` holds why it was decided so: plain values, by the name of the decision.
    """

    question: Question
    status: Status
    text: str
    confidence: float
    passages: tuple[Passage, ...]
    llm: str
    reason: Reason | None = None
    notice: str | None = None
    missing: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    claims: tuple[Claim, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    usage: Usage | None = None
    prompt: tuple[Turn, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    explain: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """An input that could not be read, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """What one sync did. Counts are pages; `embedded` counts chunks that were turned into vectors anew."""

    revision: int
    added: int
    updated: int
    removed: int
    unchanged: int
    embedded: int
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Between two articles that tell one story: `spellings` are pairs of words, the rest whole sentences, in text order.

    `first` and `second` are article ids. `edited` pairs sentences that say the same in other words; spellings are taken
    from those pairs.
    """

    first: str
    second: str
    spellings: tuple[tuple[str, str], ...]
    edited: tuple[tuple[str, str], ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStatus:
    """What an index holds. `groups` are ids of articles that tell one story; `flags` maps a code to article ids.

    `sources` maps the name of each source to how many articles it has, the largest first; `latest` are the few articles
    that were published last. `differences` are those within groups, `None` where nobody compared them.
    """

    revision: int
    embedder: str
    roots: tuple[str, ...]
    pages: int
    articles: int
    chunks: int
    newest: date | None
    groups: tuple[tuple[str, ...], ...]
    flags: Mapping[str, tuple[str, ...]]
    skipped: tuple[Skipped, ...]
    differences: tuple[Differences, ...] | None = None
    sources: Mapping[str, int] = field(default_factory=dict)
    latest: tuple[Nearest, ...] = ()
