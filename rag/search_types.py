"""The values of a search on its way from a question to passages: how it is asked, what may answer, and why; no behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.types import Article, Chunk, FusedHit, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way of saying a word, folded, as the index's tokens; each token it holds counts `weight` times."""

    text: str
    tokens: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A word or phrase of a question and the ways of saying it, of which a text needs one."""

    source: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One way of asking, as the lexical arm searches it.

    `origin` says where it comes from: `asked`, `synonym`, ... A chunk's lexical score is the best over all queries of
    its score times their `weight`. Where there are `groups` these are searched, and `text` only shows their likeliest words.
    """

    text: str
    origin: str
    weight: float = 1.0
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as a search asks it: `text` can be understood by itself, `queries` are the ways of asking it."""

    question: Question
    text: str
    queries: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A chunk that may become a passage. `also` holds the ids of articles that it stands for, its own left out."""

    chunk: Chunk
    article: Article
    hit: FusedHit
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HitExplanation:
    """Why a passage is where it is, as its best chunk was judged.

    `matched` are pieces of the question that its text or header holds, folded; `arms` the scores of the arms that found
    it; `features` what each feature adds to the logit of its score, the greatest first.
    """

    matched: tuple[str, ...]
    arms: Mapping[str, float]
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchExplanation:
    """What a question was searched as, and why each passage was found, by chunk id."""

    asked: Asked
    hits: Mapping[str, HitExplanation]
