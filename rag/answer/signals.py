"""Signals of whether the passages hold what was asked: numbers that the confidence is computed from, each with a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.answer.coverage import coverage, unknown
from rag.answer.kinds import asked_for, holds
from rag.answer.overview import is_overview
from rag.text.normalise import level
from rag.text.tokens import index_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from rag.answer.coverage import Unit
    from rag.answer.evidence import Evidence
    from rag.answer.reading import Reading, Statement
    from rag.types import Passage, Question

# What stands for a value that the question does not ask for: neither for an answer nor against one.
NO_NAMED, NO_PLAIN, NO_COSINE = 0.8, 0.15, 0.3
# So much of the subject beside a value binds it; more tells nothing more.
BOUND = 0.2
UNBOUND = 0.15
TOP = 3
ALIKE = 0.7
MISSING_FLAGS = frozenset({"content_missing", "list_missing"})

# Words that bind a fact to one edition, stage, time or rank: 第48期, 二期, 2026年度, 一等奖.
_QUALIFIER = re.compile(
    r"第[一二三四五六七八九十\d]+[届批期次号代轮]|(?<!第)[一二三四五]期|(?:19|20)\d\d年?度?|[一二三]等奖|[上下]半年|前?[一二三四]季度|\d+月|附件\d?"
)
_ASKS_LIST = re.compile(
    r"名单|清单|都是谁|有谁|名字|名称|哪些|哪几|叫什么|列[一出全]|分别|附件|步骤|attach|contents|topics|speakers|\blist\b|which \w+s\b", re.IGNORECASE
)  # fmt: skip

_REFERS = re.compile(
    r"附件|如下|扫[描码]|二维码|点击|阅读原文|图解|一图读懂|\.(?:docx?|pdf|xlsx?)|下图|名单|清单|attach", re.IGNORECASE
)


def signals(
    question: Question,
    passages: Sequence[Passage],
    *,
    best: Evidence,
    statements: Sequence[Statement],
    readings: Sequence[Reading],
    units: Sequence[Unit],
    idf: Callable[[Sequence[str]], list[float]],
) -> dict[str, float]:
    """Return the signals by name, in a fixed order; each lies between 0 and 1, but for counts.

    No signal depends on how long a question is: length tells which habit a question was written by, not whether it has
    an answer.
    """
    text = question.text
    foreign = float(question.lang != best.passage.lang)
    overview = is_overview(question)
    # Across languages words tell only where they were translated.
    same = float(not overview and (not foreign or bool(question.terms)))
    asks_list = not overview and _ASKS_LIST.search(text) is not None
    read = max(readings, key=lambda reading: reading.worth, default=None)
    cosine = max(statement.row.cosine for statement in statements)
    never, longest_never = unknown(units, idf=idf)
    return {
        **_value_signals(readings),
        "value_cosine": NO_COSINE if read is None else read.cosine,
        "plain_cosine": best.cosine if read is None else NO_COSINE,
        **_word_signals(passages, best, statements, units, same=same, plain=read is None),
        "cosine": cosine,
        "related": max(coverage(units, tokens) for tokens in _articles(statements)),
        "unknown": never,
        "unknown_run": longest_never,
        "share": best.score,
        "qualifiers_missing": _qualifiers_missing(question, best if read is None or read.row is None else read.row),
        "kind": float(best.speaks_of_all and holds(best.text, asked=asked_for(text), question=text)),
        "list_may_be_missing": float(asks_list and _flagged(passages, units)),
        "elsewhere": _elsewhere(statements, units) if asks_list else 0.0,
        "foreign": foreign,
        "foreign_cosine": foreign * cosine,
        "foreign_value": foreign * float(bool(readings)),
    }


def _articles(statements: Sequence[Statement]) -> list[frozenset[str]]:
    """Return the tokens of each article, once."""
    return list({row.row.passage.article_id: row.article for row in statements}.values())


def _value_signals(readings: Sequence[Reading]) -> Mapping[str, float]:
    """Return what was found of the values asked for; of several parts the best counts, since one answer is an answer."""
    named = [reading for reading in readings if reading.sought.attribute is not None]
    plain = [reading for reading in readings if reading.sought.attribute is None]
    bound = max(map(_bound, named), default=NO_NAMED)
    return {
        "asks_value": float(bool(readings)),
        "named_unstated": float(bool(readings) and not plain and bound < UNBOUND),
        "named_bound": bound,
        "plain_bound": max((row.stated * row.subject for row in plain), default=NO_PLAIN),
    }


def _bound(reading: Reading) -> float:
    """Return how surely a named attribute is stated of the subject; across languages nearness stands for its name."""
    if reading.row is None:
        return 0.0
    foreign = reading.part.lang != reading.row.passage.lang
    subject = max(reading.subject, reading.cosine / 2) if foreign else reading.subject
    return reading.stated * min(1.0, subject / BOUND)


def _word_signals(
    passages: Sequence[Passage],
    best: Evidence,
    statements: Sequence[Statement],
    units: Sequence[Unit],
    *,
    same: float,
    plain: bool,
) -> Mapping[str, float]:
    statement = next(row for row in statements if row.row == best)
    gap = same * _longest_gap(units, statement.near)
    letters = sum(len(passage.text) for passage in passages) or 1
    of_article = sum(len(passage.text) for passage in passages if passage.article_id == best.passage.article_id)
    return {
        "longest_gap": gap,
        "plain_gap": gap if plain else 0.0,
        "in_article": same * coverage(units, statement.article),
        "one_article": of_article / letters,
        "relevance": best.passage.score,
    }


def _longest_gap(units: Sequence[Unit], tokens: AbstractSet[str]) -> float:
    """Return the weight of the longest run of a question's units that a text lacks: a word, not scattered characters."""
    longest = run = 0.0
    for unit in units:
        run = 0.0 if unit.is_in(tokens) else run + unit.weight
        longest = max(longest, run)
    return longest


def _qualifiers_missing(question: Question, row: Evidence) -> float:
    around = level(f"{row.passage.header}\n{row.passage.text}")
    asked = dict.fromkeys(_QUALIFIER.findall(level(question.text)))
    return float(sum(word.rstrip("年度") not in around for word in asked))


def _elsewhere(statements: Sequence[Statement], units: Sequence[Unit]) -> float:
    """Return how much of the question is named where an article refers to something that it does not hold."""
    refers = [
        row for row in statements if MISSING_FLAGS.intersection(row.row.passage.flags) and _REFERS.search(row.text)
    ]
    return max((coverage(units, row.near) for row in refers), default=0.0)


def _flagged(passages: Sequence[Passage], units: Sequence[Unit]) -> bool:
    """Tell whether an article that lacks a part of its content names as much of the question as any other."""
    named = [coverage(units, frozenset(index_tokens(f"{row.header}\n{row.text}"))) for row in passages]
    rows = zip(passages[:TOP], named, strict=False)
    return any(MISSING_FLAGS.intersection(row.flags) and share >= ALIKE * max(named) for row, share in rows)
