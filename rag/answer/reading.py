"""Looks in the passages for a value of the kind that each part of a question asks for, stated of what it asks about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.answer.attributes import sought_in
from rag.answer.coverage import coverage, units_of
from rag.answer.parts import parts_of
from rag.answer.values import value_spans
from rag.text.marks import read_marks
from rag.text.normalise import level
from rag.text.tokens import index_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from rag.answer.attributes import Sought
    from rag.answer.coverage import Unit
    from rag.answer.evidence import Evidence
    from rag.text.marks import Mark
    from rag.types import Question, Span

# Statements whose marks are kept.
KEPT = 4096
# How far from a value the words that say what it is may stand, before and behind it.
BEFORE, BEHIND = 22, 12
# Articles that retell others are quoted only where the others say less.
SECOND_HAND = frozenset({"digest", "teaser"})
SECOND_HAND_SHARE = 0.8
# What it is worth that the words stand in the statement, but not near the value.
ELSEWHERE = 0.4
# The subject is named by the statement itself, by its neighbourhood and heading, or by its passage.
SHARES = (0.4, 0.35, 0.25)

# What a value is worth that belongs to another edition, stage or rank than the one asked for: 二期, 第九届, 一等奖.
OTHER_EDITION = 0.3
# A value of the kind asked for says a little, even where nothing near it says what it is.
LEAST_STATED = 0.1
PLACE_ALONE = 0.2
# A length, weight or duration says by its unit what it is.
UNIT_ALONE = 0.4
MEASURES = frozenset({"length", "weight", "duration"})
HEAD_CHARS = 6

_EDITION = re.compile(
    r"第[一二三四五六七八九十\d]+[届批期次号代轮]|(?<!第)[一二三四五]期|[一二三]等奖|(?<!\d)20\d\d年度"
)
_WHICH = re.compile(r"还是\s?\d|\d\S{0,12} or \S{0,6}\d")
_BEFORE_VALUE = re.compile(
    r"(?P<head>[\u4e00-\u9fffA-Za-z]+?)(?:总共|一共|大概|大约|分别|达到|[是有为达共约了能要会占于各])*(?:多少|几|百分之几|多[大高长重远快久])"
)
_TIME_WORDS = re.compile(r"现在|目前|今年|去年|已经|如今|总共|一共|当前|最新")
_AFTER_VALUE = re.compile(r"(?:多少|几)[个家项名位款架台场支条种类届批艘所座组级期次]?(?P<head>[\u4e00-\u9fff]{1,4})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A row of evidence as it is read: its levelled text, and the tokens of it, near it and around it.

    `article` are the tokens of all passages of its article, `beside` is the levelled text of it, of the statement before it, and of its heading.
    """

    row: Evidence
    text: str
    tokens: frozenset[str]
    beside: str
    near: frozenset[str]
    around: frozenset[str]
    article: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The best value found for one part of a question.

    `stated`, 0 to 1, is how surely the words beside it say that it is what was asked; `subject`, 0 to 1, how much of the
    rest of the question its surroundings name. Both are 0 where no value of the kind stands in the passages. `value` lies
    in the row's text; `others` are the best values of other articles, the best first.
    """

    part: Question
    sought: Sought
    stated: float = 0.0
    subject: float = 0.0
    cosine: float = 0.0
    row: Evidence | None = None
    value: Span | None = None
    others: tuple[Reading, ...] = ()

    @property
    def worth(self) -> float:
        """How good an answer it is, for comparing values of one part."""
        found = self.stated * (0.3 + self.subject) + 0.2 * self.cosine
        second_hand = self.row is not None and SECOND_HAND.intersection(self.row.passage.flags)
        return SECOND_HAND_SHARE * found if second_hand else found


def statements_of(evidence: Sequence[Evidence]) -> list[Statement]:
    """Return the rows of evidence with their surroundings."""
    pages = {row.passage.chunk_id: row for row in evidence}
    articles: dict[str, frozenset[str]] = {}
    for row in pages.values():
        article = row.passage.article_id
        articles[article] = articles.get(article, frozenset()) | row.page.around
    leads = [None, *evidence[:-1]]
    return [_statement(row, lead, articles) for row, lead in zip(evidence, leads, strict=True)]


def _statement(row: Evidence, lead: Evidence | None, articles: Mapping[str, frozenset[str]]) -> Statement:
    """Return a row with its surroundings; `lead` is the row before it, which may be of another passage."""
    before = lead if lead is not None and lead.passage.chunk_id == row.passage.chunk_id else None
    page, line = row.page, row.line
    return Statement(
        row=row,
        text=line.levelled,
        tokens=line.tokens,
        beside=f"{page.levelled_header}\n{'' if before is None else before.line.levelled}\n{line.levelled}",
        near=line.tokens.union(page.header, frozenset[str]() if before is None else before.tokens),
        around=line.tokens | page.around,
        article=articles[row.passage.article_id],
    )


def values_in(
    question: Question, statements: Sequence[Statement], *, idf: Callable[[Sequence[str]], list[float]]
) -> tuple[tuple[Reading, ...], ...]:
    """Return for each part that asks for a value of a known kind all such values, in order; one without a row for none."""
    given = _given(level(question.text))
    asked = [(part, sought) for part in parts_of(question) if (sought := sought_in(level(part.text))) is not None]
    # Marks are read once, and only where a value is asked for.
    marked = [(row, _marks_of(row.text)) for row in statements] if asked else []
    return tuple(
        tuple(
            _values(
                part,
                sought,
                _subject_units(question, sought, idf),
                () if sought.attribute is not None else _head_units(part, idf),
                marked=marked,
                given=given,
            )
        )
        or (Reading(part=part, sought=sought),)
        for part, sought in asked
    )


def best_of(found: Sequence[Reading]) -> Reading:
    """Return the best of one part's values, with the best of each other article."""
    best: dict[str | None, Reading] = {}
    for reading in found:
        article = None if reading.row is None else reading.row.passage.article_id
        best[article] = max(best.get(article, reading), reading, key=lambda one: one.worth)
    first, *others = sorted(best.values(), key=lambda one: -one.worth)
    return replace(first, others=tuple(others))


@lru_cache(maxsize=KEPT)
def _marks_of(text: str) -> tuple[Mark, ...]:
    """Return the marks of a statement; reading them is slow, and a statement is often asked about again."""
    return tuple(read_marks(text))


def _given(asked: str) -> frozenset[str]:
    """Return the figures and dates that a question itself names; none where it asks which of them is right."""
    if _WHICH.search(asked):
        return frozenset()
    return frozenset(asked[mark.span.start : mark.span.end] for mark in read_marks(asked))


def _subject_units(question: Question, sought: Sought, idf: Callable[[Sequence[str]], list[float]]) -> tuple[Unit, ...]:
    """Return the units of the question without the words that ask."""
    rest = level(question.text).replace(sought.words, " ") if sought.attribute is not None else question.text
    return units_of(replace(question, text=rest if any(map(str.isalnum, rest)) else question.text), idf=idf)


def _values(
    part: Question,
    sought: Sought,
    units: Sequence[Unit],
    head: Sequence[Unit],
    *,
    marked: Sequence[tuple[Statement, Sequence[Mark]]],
    given: AbstractSet[str],
) -> Iterator[Reading]:
    articles = {row.row.passage.article_id: row.article for row, _ in marked}
    by_article = {article: coverage(units, tokens) for article, tokens in articles.items()}
    most = max(by_article.values(), default=0.0)
    for statement, marks in marked:
        spans = value_spans(statement.text, marks, kind=sought.kind, given=given)
        if not spans:
            continue
        named = subject(units, statement) * _share(by_article[statement.row.passage.article_id], most)
        edition = OTHER_EDITION ** _editions_missing(part, statement)
        for span in spans:
            stated = _stated(sought, head, statement, span) * edition
            if stated > 0:
                yield Reading(
                    part=part,
                    sought=sought,
                    stated=stated,
                    subject=named,
                    cosine=statement.row.cosine,
                    row=statement.row,
                    value=span,
                )


def subject(units: Sequence[Unit], statement: Statement) -> float:
    """Return how much of the units a statement names, itself or by what stands around it."""
    scopes = (statement.tokens, statement.near, statement.around)
    return sum(share * coverage(units, tokens) for share, tokens in zip(SHARES, scopes, strict=True))


def _share(of_article: float, most: float) -> float:
    """Return 1 for the article that names most of the subject, less for another one."""
    return (of_article / most) ** 2 if most > 0 else 1.0


def _editions_missing(part: Question, statement: Statement) -> int:
    asked = dict.fromkeys(_EDITION.findall(level(part.text)))
    return sum(word not in statement.beside for word in asked)


def _stated(sought: Sought, head: Sequence[Unit], statement: Statement, span: Span) -> float:
    window = statement.text[max(span.start - BEFORE, 0) : span.end + BEHIND]
    if sought.attribute is None:
        near = coverage(head, frozenset(index_tokens(window))) if head else ELSEWHERE
        least = UNIT_ALONE if sought.kind in MEASURES else LEAST_STATED
        return max(near, ELSEWHERE * coverage(head, statement.tokens), least)
    said = sought.attribute.said
    if said is None or said.search(window):
        return 1.0
    if said.search(statement.text):
        return ELSEWHERE
    # Where something is can be said by the place alone; other values need their word.
    return PLACE_ALONE if sought.kind == "place" else 0.0


def _head_units(part: Question, idf: Callable[[Sequence[str]], list[float]]) -> tuple[Unit, ...]:
    """Return the units of the noun that is counted or measured; none where the question does not show it."""
    text = level(part.text)
    after, before = _AFTER_VALUE.search(text), _BEFORE_VALUE.search(text)
    found = [_TIME_WORDS.sub("", match["head"])[-HEAD_CHARS:] for match in (before, after) if match is not None]
    words = [word for word in found if len(word) > 1]
    return units_of(replace(part, text=" ".join(words), history=()), idf=idf) if words else ()
