"""Checks a sentence against the passages that it cites, and finds the exact spans that support it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.text.language import detect_lang
from rag.text.normalise import fold
from rag.text.sentences import sentence_spans
from rag.text.tokens import index_tokens
from rag.types import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.types import Passage

# Of a claim's tokens, how many its sources must hold when both are in one language.
LEAST_COVERAGE = 0.5
MAX_SPANS = 3

_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?%?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounding:
    """The spans (offsets in their articles) that support a claim; `problems` is empty where they do."""

    spans: tuple[tuple[Passage, int, int], ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    passage: Passage
    span: Span
    tokens: frozenset[str]
    numbers: frozenset[str]


def ground_claim(text: str, passages: Sequence[Passage]) -> Grounding:
    """Return the fewest sentences of the passages that support the claim.

    A claim fails when it cites nothing, when a number of it stands in none of the passages, or when they hold less than
    half of its words (only checked between texts of one language).
    """
    if not passages:
        return Grounding(spans=(), problems=("no_citation",))
    tokens, numbers = frozenset(index_tokens(text)), _numbers(text)
    sources = [_source(passage, span) for passage in passages for span in sentence_spans(passage.text)]
    chosen = _chosen(tokens, numbers, sources)
    problems = [f"figure_not_in_source: {number}" for number in sorted(numbers - _all_numbers(passages))]
    if _same_language(text, passages) and _coverage(tokens, passages) < LEAST_COVERAGE:
        problems.append("not_in_source")
    spans = tuple((row.passage, row.span.start, row.span.end) for row in chosen)
    return Grounding(spans=spans, problems=tuple(problems))


def _chosen(tokens: frozenset[str], numbers: frozenset[str], sources: Sequence[_Source]) -> list[_Source]:
    """Return sentences greedily: the one that adds most words of the claim, until its numbers are all covered."""
    chosen: list[_Source] = []
    open_tokens, open_numbers = set(tokens), set(numbers)
    while sources and len(chosen) < MAX_SPANS and (not chosen or open_numbers):
        best = max(sources, key=lambda row: (len(row.numbers & open_numbers), len(row.tokens & open_tokens)))
        if chosen and not best.numbers & open_numbers:
            break
        chosen.append(best)
        open_tokens -= best.tokens
        open_numbers -= best.numbers
    return chosen


def _source(passage: Passage, span: Span) -> _Source:
    text = passage.text[span.start : span.end]
    return _Source(
        passage=passage,
        span=Span(passage.start + span.start, passage.start + span.end),
        tokens=frozenset(index_tokens(text)),
        numbers=_numbers(text),
    )


def _numbers(text: str) -> frozenset[str]:
    return frozenset(number.replace(",", "") for number in _NUMBER.findall(fold(text)))


def _all_numbers(passages: Sequence[Passage]) -> frozenset[str]:
    return frozenset(number for row in passages for number in _numbers(f"{row.header}\n{row.text}") | _day_numbers(row))


def _day_numbers(passage: Passage) -> frozenset[str]:
    """Return the numbers of the passage's date, from which an answer may complete 今年 and 5月6日."""
    day = passage.published
    return frozenset() if day is None else frozenset({str(day.year), str(day.month), str(day.day), day.isoformat()})


def _coverage(tokens: frozenset[str], passages: Sequence[Passage]) -> float:
    held = frozenset(token for row in passages for token in index_tokens(f"{row.header}\n{row.text}"))
    return len(tokens & held) / len(tokens) if tokens else 1.0


def _same_language(text: str, passages: Sequence[Passage]) -> bool:
    lang = detect_lang(text)
    return any(passage.lang == lang for passage in passages)
