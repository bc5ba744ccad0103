"""Binds the values of a list to its names by order, where a sentence says 分别 or “respectively”; guesses at nothing else."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.text.marks import read_figures
from rag.text.sentences import sentence_spans
from rag.types import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.text.figures import Figure

# A list of more values, or names further to the left, is not read.
MOST = 20
WINDOW = 300
_WORD = re.compile("分别|各自|依次")
_ENGLISH = re.compile(r",? respectively\b", re.IGNORECASE)
_NAME_SEPARATOR = re.compile("、|以及|和(?!平|谐)|及(?!其)|与(?!会)")
_NAME_SEPARATOR_EN = re.compile(r",\s(?:and\s)?|\sand\s")
_START = re.compile("[。；：:;！？\n，]|其中|^[对向给](?=[^、]{2})")
# What may stand between two values of one list.
_BETWEEN_VALUES = re.compile(r"(?:[、，,]|和|及|与|以及|\s|and|to|by|至|[达为到约近超逾增长下降提升]|奖励|资金)*")
_SHARED = re.compile("(?:的[^的、，]{1,14}|(?:产业)?规模|产值|增加值|销售额|均|则|已|将|同比|环比|[增下提][长降高])+$")
# A phrase before the list is none of its names: in 2024, of the three.
_OPENING = re.compile(r"(?:In|At|For|During|Of|Among|By|Over|Last|This)\b")
_VERB = re.compile(
    r"\s(?:rose|grew|fell|were|was|are|is|increased|declined|dropped|climbed|reached|received|gained|accounted)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A name of the list and the value that stands at its place."""

    name: Span
    figure: Figure


def bind_respectively(text: str) -> list[Binding]:
    """Return the bindings of every 分别 list whose names and values are equally many, in order of the text."""
    found: list[Binding] = []
    for sentence in sentence_spans(text):
        part = text[sentence.start : sentence.end]
        for name, figure in _chinese(part) or _english(part):
            span = Span(sentence.start + name.start, sentence.start + name.end)
            found.append(Binding(name=span, figure=_moved(figure, sentence.start)))
    return found


def _chinese(sentence: str) -> list[tuple[Span, Figure]]:
    words = list(_WORD.finditer(sentence))
    figures = read_figures(sentence) if words else []
    starts = [figure.span.start for figure in figures]
    found: list[tuple[Span, Figure]] = []
    start = 0
    for at, word in enumerate(words):
        # A list ends where the next 分别 begins, and its names begin after the list before.
        stop = words[at + 1].start() if at + 1 < len(words) else len(sentence)
        first = bisect_left(starts, word.end())
        values = _run(sentence, figures[first : min(first + MOST, bisect_left(starts, stop))])
        names = _names_before(sentence, Span(max(start, word.start() - WINDOW), word.start()), len(values))
        if len(values) > 1 and len(names) == len(values):
            found += zip(names, values, strict=True)
            start = values[-1].span.end
        else:
            start = word.end()
    return found


def _run(sentence: str, figures: Sequence[Figure]) -> list[Figure]:
    """Return the first figures that follow each other with nothing but separators and repeated verbs between."""
    values = list(figures[:1])
    for figure in figures[1:]:
        if not _BETWEEN_VALUES.fullmatch(sentence[values[-1].span.end : figure.span.start]):
            break
        values.append(figure)
    return values


def _names_before(sentence: str, span: Span, count: int) -> list[Span]:
    """Return the names before the word if they are `count`, without what the last one shares with all."""
    starts = [found.end() for found in _START.finditer(sentence, span.start, span.end)]
    begin = starts[-1] if starts else span.start
    names = _split(sentence, Span(begin, span.end), _NAME_SEPARATOR)
    if not names or len(names) != count:
        return []
    last = names[-1]
    shared = _SHARED.search(sentence[last.start : last.end])
    if shared is not None and shared.start() > 0:
        names[-1] = Span(last.start, last.start + shared.start())
    return names


def _english(sentence: str) -> list[tuple[Span, Figure]]:
    word = _ENGLISH.search(sentence)
    if word is None:
        return []
    figures = [figure for figure in read_figures(sentence) if figure.span.end <= word.start()]
    values = _run(sentence, figures)
    if len(values) < 2 or values[-1].span.end != word.start():
        return []
    verb = _VERB.search(sentence, 0, values[0].span.start)
    names = _split(sentence, Span(0, verb.start() if verb else values[0].span.start), _NAME_SEPARATOR_EN)[
        -len(values) :
    ]
    return list(zip(names, values, strict=True)) if len(names) == len(values) else []


def _split(sentence: str, span: Span, separator: re.Pattern[str]) -> list[Span]:
    bounds = [span.start]
    for found in separator.finditer(sentence, span.start, span.end):
        bounds += [found.start(), found.end()]
    bounds.append(span.end)
    pairs = zip(bounds[::2], bounds[1::2], strict=True)
    return [_trimmed(sentence, Span(start, end)) for start, end in pairs if sentence[start:end].strip()]


def _trimmed(sentence: str, span: Span) -> Span:
    part = sentence[span.start : span.end]
    start = span.start + len(part) - len(part.lstrip())
    return Span(start, start + len(part.strip()))


def _moved(figure: Figure, by: int) -> Figure:
    return replace(figure, span=Span(figure.span.start + by, figure.span.end + by))
