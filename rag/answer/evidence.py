"""How well a sentence, in its passage, covers what a question asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.retrieve.query import content_words
from rag.text.sentences import sentence_spans
from rag.text.tokens import index_tokens
from rag.types import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rag.protocols import Embedder
    from rag.types import Passage, Question

# What a question's words are worth when the sentence's surroundings hold them instead of the sentence.
CONTEXT_WEIGHT = 0.4
COSINE_WEIGHT = 0.4
KIND_BONUS = 0.15
SHORTEST_SENTENCE = 6

_ASKS_AMOUNT = re.compile(r"多少|几[个家项名位万亿成倍年天号月]|比重|占比|比例|增速|规模|多大|多高|多长|how (?:many|much|large|big|long|old)|what (?:share|percentage|proportion|rate)|percent", re.IGNORECASE)
_ASKS_TIME = re.compile(r"何时|什么时[候间]|哪[一]?[天年月]|几[号月点]|时间|截止|截至|期限|日期|\bwhen\b|deadline|what (?:date|day|year|time)", re.IGNORECASE)
_AMOUNT = re.compile(r"\d")
_TIME = re.compile(r"\d{1,2}\s*月|\d{4}\s*年|\d{1,2}[:：]\d{2}|\d{1,2}\s*日|January|February|March|April|\bMay\b|June|July|August|September|October|November|December")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A sentence that may answer. `span` is in the article; `own` and `covered` are shares of the question's idf mass.

    `own` is what the sentence itself holds, `covered` what it holds together with its passage, title and date.
    `fits` tells whether it has the kind of thing asked for, and every year that the question names is there.
    """

    passage: Passage
    span: Span
    text: str
    tokens: frozenset[str]
    score: float
    own: float
    covered: float
    cosine: float
    fits: bool


def weighed(question: Question, *, idf: Callable[[Sequence[str]], list[float]]) -> dict[str, float]:
    """Return the question's content tokens with their shares of its idf mass, which sum to 1 (or none at all)."""
    tokens = list(dict.fromkeys(index_tokens(content_words(question.text, lang=question.lang))))
    weights = idf(tokens)
    mass = sum(weights)
    return {token: weight / mass for token, weight in zip(tokens, weights, strict=True)} if mass > 0 else {}


def gather(
    question: Question, passages: Sequence[Passage], *, weights: Mapping[str, float], embedder: Embedder
) -> list[Evidence]:
    """Return every sentence of the passages with its scores, in passage order and reading order."""
    rows = [(passage, span) for passage in passages for span in sentence_spans(passage.text) if _long_enough(span)]
    texts = [passage.text[span.start : span.end] for passage, span in rows]
    cosines = _cosines(question.text, texts, embedder)
    return [
        _evidence(question, passage, span, weights, cosine)
        for (passage, span), cosine in zip(rows, cosines, strict=True)
    ]


def _evidence(
    question: Question, passage: Passage, span: Span, weights: Mapping[str, float], cosine: float
) -> Evidence:
    text = passage.text[span.start : span.end]
    tokens = frozenset(index_tokens(text))
    around = tokens | frozenset(index_tokens(f"{passage.header}\n{passage.text}"))
    own = sum(weight for token, weight in weights.items() if token in tokens)
    covered = sum(weight for token, weight in weights.items() if token in around)
    has_kind = _has_kind(question.text, text)
    return Evidence(
        passage=passage,
        span=Span(passage.start + span.start, passage.start + span.end),
        text=text,
        tokens=tokens,
        score=own + CONTEXT_WEIGHT * (covered - own) + COSINE_WEIGHT * cosine + (KIND_BONUS if has_kind else 0.0),
        own=own,
        covered=covered,
        cosine=cosine,
        fits=has_kind and _names_years(question.text, passage),
    )


def _has_kind(question: str, sentence: str) -> bool:
    """Tell whether the sentence holds a figure or a time where one is asked for, other than what the question gives."""
    given = set(re.findall(r"[\d.]+", question))
    if _ASKS_TIME.search(question):
        return _TIME.search(sentence) is not None
    if _ASKS_AMOUNT.search(question):
        return any(number not in given for number in re.findall(r"\d[\d.]*", sentence)) and _AMOUNT.search(sentence) is not None
    return True


def _names_years(question: str, passage: Passage) -> bool:
    text = f"{passage.header}\n{passage.text}"
    published = None if passage.published is None else passage.published.year
    for year in _YEAR.findall(question):
        last_year = published is not None and int(year) == published - 1 and re.search("去年|上年|last year", text)
        if year not in text and published != int(year) and not last_year:
            return False
    return True


def _long_enough(span: Span) -> bool:
    return span.end - span.start >= SHORTEST_SENTENCE


def _cosines(question: str, sentences: Sequence[str], embedder: Embedder) -> list[float]:
    if not sentences:
        return []
    query = embedder.embed([question], kind="query")[0]
    rows = embedder.embed(sentences, kind="document")
    return [float(value) for value in np.maximum(rows @ query, 0.0)]
