"""What of a question, and of what it asks for, a sentence holds in its place: the numbers that it is scored by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from rag.answer.coverage import Cover
from rag.answer.kinds import Asked, asked_for, holds
from rag.answer.shows import LONG, wanted_in
from rag.answer.years import absent_years
from rag.retrieve.query import content_words
from rag.text.normalise import fold
from rag.text.tokens import index_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rag.answer.coverage import Unit
    from rag.answer.parts import Part
    from rag.answer.sheet import Line, Page, Row
    from rag.types import Question

FEATURES = (
    "own",  # share of the question's weight that the sentence holds
    "own_best",  # the same as a share of the passage's best sentence
    "near",  # what the sentence before adds
    "next",  # what the sentence behind adds
    "around",  # what passage, title and date add
    "rare",  # share of the rarest quarter of the weight
    "header",  # share that the title and section hold
    "run",  # longest run of the question's characters in it, as a share of the question
    "grams",  # share of the question's runs of three characters
    "focus",  # share of the tokens beside the question word
    "cosine",
    "cosine_best",  # as a share of the best in the passage
    "kind",  # it holds the kind asked for, and one is asked for
    "kind_focus",  # that, and what stands beside the question word
    "who",  # a person or body is asked for, and one stands there
    "where",  # the same for places
    "what",  # a thing is asked for, and a name in quotation marks stands there
    "why",  # a reason is asked for, and a word that gives one stands there
    "list",  # several are asked for, and several are listed
    "contact",  # one is asked for, and a number or address to write to stands there
    "link",  # the same for pages on the web
    "money",  # the same for sums of money
    "clock",  # the same for days and hours
    "rule",  # it is asked whether something is allowed, and a word that rules it stands there
    "part",  # the best share that it holds of any clause that asks
    "part_kind",  # that, if it holds the kind which that clause asks for
    "dense",  # the share of the question's weight for its length
    "names",  # its passage holds every Latin name of the question, and speaks of every year
    "numbers",  # share of the question's numbers that it holds; 1 where there are none
    "fresh",  # share of its tokens that are not the question's own
    "first",  # the passage begins with it
    "place",  # 1 at the passage's beginning, 0 at its end
    "announces",  # it says that something follows, or to whom it is written
    "short",  # fewer than twelve characters
    "length",  # of 120 characters
    "points_back",  # it begins with a word for something said before
    "passage",  # the passage's likelihood as a share of the best, to a small power
    "passage_rank",  # 1 / rank
    "second_hand",  # of a digest or teaser
    "title_line",  # it ends no sentence
    "stated",  # how surely a value stands there that is asked for
    "worth",  # the same with how much of its subject is named
    "worth_best",  # that as a share of the best of all
)
# Likelihoods fall steeply from the first passage on; this keeps the later ones in play.
SHARE_POWER = 0.25
RARE_SHARE = 0.25
GRAM = 3
BESIDE = 6  # characters on each side of the question word

_ASKS = re.compile(
    r"什么|哪|谁|何|几|多少|多[大高长重远快久]|怎么|怎样|如何|为什么|\b(?:what|which|who|whom|whose|when|where|why|how)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What the values of a statement are worth that are asked for; see `rag.answer.reading.Reading`."""

    stated: float = 0.0
    worth: float = 0.0


def feature_rows(
    question: Question,
    rows: Sequence[Row],
    *,
    cosines: Sequence[float],
    values: Sequence[Value],
    units: Sequence[Unit],
    parts: Sequence[Part],
) -> NDArray[np.float64]:
    """Return an array of shape (rows, FEATURES). The rows are those of whole passages, in order."""
    wanted = _Wanted.of(question, units, parts)
    best = max((row.page.passage.score for row in rows), default=0.0) or 1.0
    found: list[list[float]] = []
    for _, group in groupby(rows, key=lambda row: row.page.passage.rank):
        of_passage = list(group)
        at = len(found)
        found += _passage_rows(wanted, of_passage, cosines[at : at + len(of_passage)], best=best)
    most = max((value.worth for value in values), default=0.0) or 1.0
    found = [[*row, value.stated, value.worth, value.worth / most] for row, value in zip(found, values, strict=True)]
    return np.array(found, dtype=np.float64).reshape(len(found), len(FEATURES))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A clause that asks, with the kind of thing that it asks for."""

    text: str
    asked: Asked
    cover: Cover

    def is_met(self, line: Line) -> bool:
        """Tell whether a statement holds the kind of thing asked for, if one is."""
        return self.asked is not Asked.ANYTHING and holds(line.text, asked=self.asked, question=self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What a question asks for, read once."""

    whole: _Part
    parts: Sequence[_Part]
    rare: Cover
    rare_weight: float
    names: Sequence[Unit]
    content: str
    grams: frozenset[str]
    focus: frozenset[str]
    tokens: frozenset[str]
    numbers: frozenset[str]
    asks: tuple[bool, ...]

    @classmethod
    def of(cls, question: Question, units: Sequence[Unit], parts: Sequence[Part]) -> _Wanted:
        folded = fold(question.text)
        content = "".join(fold(content_words(question.text, lang=question.lang)).split())
        rare = _rarest(units)
        return cls(
            whole=_Part(text=question.text, asked=asked_for(question.text), cover=Cover(units)),
            parts=tuple(
                _Part(text=row.question.text, asked=asked_for(row.question.text), cover=Cover(row.units))
                for row in parts
            ),
            rare=Cover(rare),
            rare_weight=sum(unit.weight for unit in rare) or 1.0,
            names=tuple(unit for unit in units if unit.is_name),
            content=content,
            grams=frozenset(content[at : at + GRAM] for at in range(len(content) - GRAM + 1)),
            focus=frozenset(index_tokens(_beside(folded))),
            tokens=frozenset(index_tokens(folded)),
            numbers=frozenset(_NUMBER.findall(folded)),
            asks=wanted_in(question.text),
        )


def _beside(folded: str) -> str:
    """Return what stands on each side of a question's first question word."""
    asks = _ASKS.search(folded)
    if asks is None:
        return ""
    return f"{folded[max(asks.start() - BESIDE, 0) : asks.start()]} {folded[asks.end() : asks.end() + BESIDE]}"


def _rarest(units: Sequence[Unit]) -> list[Unit]:
    """Return the heaviest units that hold a quarter of the weight together."""
    chosen: list[Unit] = []
    held = 0.0
    for unit in sorted(units, key=lambda unit: -unit.weight):
        if held >= RARE_SHARE:
            break
        chosen.append(unit)
        held += unit.weight
    return chosen


def _passage_rows(wanted: _Wanted, rows: Sequence[Row], cosines: Sequence[float], *, best: float) -> list[list[float]]:
    """Return the features of one passage's statements."""
    page = rows[0].page
    passage = page.passage
    cover = wanted.whole.cover
    masks = [cover.mask(row.line.tokens) for row in rows]
    own = [cover.share(mask) for mask in masks]
    most, warmest = max(own) or 1.0, max(cosines) or 1.0
    of_header = cover.mask(page.header)
    covered, named = cover.share(cover.mask(page.around)), cover.share(of_header)
    speaks = float(_speaks_of_all(wanted, page))
    found = []
    for at, (row, mask, cosine) in enumerate(zip(rows, masks, cosines, strict=True)):
        line = row.line
        near = cover.share(mask | masks[at - 1]) if at else own[at]
        behind = cover.share(mask | masks[at + 1]) if at + 1 < len(rows) else own[at]
        focus = len(wanted.focus & line.tokens) / max(len(wanted.focus), 1)
        found.append(
            [
                own[at],
                own[at] / most,
                near - own[at],
                behind - own[at],
                covered - near,
                wanted.rare.share(wanted.rare.mask(line.tokens)) / wanted.rare_weight,
                named,
                *_of_text(wanted, line.packed),
                focus,
                cosine,
                cosine / warmest,
                *_of_kind(wanted, line, focus=focus),
                own[at] / (0.5 + len(line.text) / LONG),
                speaks,
                *_of_words(wanted, line),
                float(row.at == 0),
                1.0 - at / len(rows),
                *line.form,
                (passage.score / best) ** SHARE_POWER,
                1.0 / passage.rank,
                float(any(flag in ("digest", "teaser") for flag in passage.flags)),
                float(line.ends_open),
            ]
        )
    return found


def _of_text(wanted: _Wanted, packed: str) -> tuple[float, float]:
    """Return the longest run of the question's characters and the share of its runs of three."""
    longest = 0
    for start in range(len(wanted.content)):
        while start + longest < len(wanted.content) and wanted.content[start : start + longest + 1] in packed:
            longest += 1
    held = sum(gram in packed for gram in wanted.grams)
    return longest / max(len(wanted.content), 1), held / max(len(wanted.grams), 1)


def _of_kind(wanted: _Wanted, line: Line, *, focus: float) -> tuple[float, ...]:
    """Return what it holds of the kind asked for, of the other kinds, and of the clauses that ask."""
    is_kind = float(wanted.whole.is_met(line))
    shares = [(part, part.cover.share(part.cover.mask(line.tokens))) for part in wanted.parts]
    return (
        is_kind,
        is_kind * focus,
        *(float(asks and shows) for asks, shows in zip(wanted.asks, line.shows, strict=True)),
        max((share for _, share in shares), default=0.0),
        max((share for part, share in shares if part.is_met(line)), default=0.0),
    )


def _speaks_of_all(wanted: _Wanted, page: Page) -> bool:
    """Tell whether a passage holds every Latin name of the question, and speaks of each of its years."""
    return all(unit.is_in(page.around) for unit in wanted.names) and not absent_years(wanted.whole.text, [page.passage])


def _of_words(wanted: _Wanted, line: Line) -> tuple[float, float]:
    """Return the share of the question's numbers, and that of the tokens which are not the question's own."""
    numbers = wanted.numbers.intersection(_NUMBER.findall(line.text)) if wanted.numbers else frozenset[str]()
    return (
        len(numbers) / len(wanted.numbers) if wanted.numbers else 1.0,
        len(line.tokens - wanted.tokens) / max(len(line.tokens), 1),
    )
