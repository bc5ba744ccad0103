"""A learned scorer of sentences: what of a question, and of what it asks for, a sentence holds in its place."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from rag.answer.coverage import coverage
from rag.answer.kinds import Asked, asked_for, holds
from rag.answer.years import absent_years
from rag.errors import ConfigError
from rag.retrieve.query import content_words
from rag.text.normalise import fold
from rag.text.tokens import index_tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from rag.answer.coverage import Unit
    from rag.answer.parts import Part
    from rag.types import Passage, Question

FILE = "sentences.json"
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
)
# Likelihoods fall steeply from the first passage on; this keeps the later ones in play.
SHARE_POWER = 0.25
RARE_SHARE = 0.25
GRAM = 3
BESIDE = 6  # characters on each side of the question word
SHORT, LONG = 12, 120

_ASKS = re.compile(
    r"什么|哪|谁|何|几|多少|多[大高长重远快久]|怎么|怎样|如何|为什么|\b(?:what|which|who|whom|whose|when|where|why|how)\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"谁|哪[些位]?(?:人|家|个(?:人|公司|机构|单位|部门|国家))|\bwho(?:m|se)?\b", re.IGNORECASE)
_PERSON = re.compile(
    r"先生|女士|主任|书记|市长|部长|局长|董事长|经理|总裁|院士|教授|主席|院长|会长|博士|导演|作家|公司|集团|研究院|委员会|[一-鿿]{2,3}(?:说|表示|介绍)"
)
_WHERE = re.compile(r"哪里|哪儿|在哪|什么地方|哪(?:个|座)?(?:省|市|区|县|国|城市|地方)|\bwhere\b", re.IGNORECASE)
_PLACE = re.compile(
    r"位于|坐落|地处|在[^，。]{1,12}(?:省|市|区|县|镇|路|街|园|馆|中心|大厦)|[一-鿿]{1,6}(?:省|市|区|县|镇|岛)"
)
_WHAT = re.compile(r"什么|哪(?:个|部|本|首|种|项)|\bwhat\b|\bwhich\b", re.IGNORECASE)
_NAME = re.compile(r"[《“「][^》”」]{1,30}[》”」]|[A-Z][a-z]+ [A-Z]")
_WHY = re.compile(r"为什么|为何|原因|\bwhy\b", re.IGNORECASE)
_BECAUSE = re.compile(r"因为|由于|因此|所以|为了|原因|导致|because|due to|so that", re.IGNORECASE)
_LIST = re.compile(r"哪些|哪几|有哪|分别|包括|\blist\b|which .{0,20}s\b", re.IGNORECASE)
_LISTED = re.compile(r"、[^、，。]{1,24}(?:、|和|及|等)|一是|；|;")
_CONTACT = re.compile(
    r"电话|手机|座机|打给|拨|联系|咨询|邮箱|热线|找谁|\b(?:phone|call|contact|e-?mail|landline|telephone)\b",
    re.IGNORECASE,
)
_REACHED = re.compile(r"(?<!\d)(?:1\d{10}|(?:0\d{2,3}-?)?\d{7,8})(?!\d)|[\w.]+@[\w.]+")
_LINK = re.compile(
    r"网址|网站|链接|登录|登陆|网上|线上|在线|\b(?:website|url|link|online|web page|site)\b", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://|www\.|\b[\w-]+\.(?:com|cn|org|net)\b", re.IGNORECASE)
_MONEY = re.compile(
    r"钱|元|补贴|资助|奖励|扶持|金额|费用|费|价|\b(?:money|cost|price|fee|fund|funding|support|subsid\w+|grant)\b",
    re.IGNORECASE,
)
_SUM = re.compile(r"\d[\d,.]*\s*[多余]?[百千万亿]*[美港欧日]?元|免费|不收取|yuan|dollars?", re.IGNORECASE)
_CLOCK = re.compile(
    r"几[号点]|哪天|截止|截至|最晚|最迟|期限|何时|什么时[候间]|来得及|还能|\b(?:when|deadline|until|latest|close[sd]?)\b",
    re.IGNORECASE,
)
_HOUR = re.compile(r"\d{1,2}\s*[日号]|\d{1,2}[:：]\d{2}")
_ALLOWED = re.compile(
    r"能不能|能否|可以|可否|能[报申参再用够]|还能|要不要|够不够|算不算|是否|行不行|[吗么不][？?]?$|^(?:can|may|do|does|is|are|must|should)\b",
    re.IGNORECASE,
)
_RULES = re.compile(
    r"不得|不能|不予|不再|须|必须|应当?|可以?|原则上|不超过|不低于|不少于|无需|免费|仅限|\b(?:must|shall|may not|only|free)\b",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(r"(?:如下|以下)[^。]{0,6}[:：]?\s*$|^(?:各|有关|相关)[^。，]{0,30}[:：]")
# What is asked for, and what then stands in an answer; in the order of the features.
_PAIRS = (
    (_WHO, _PERSON),
    (_WHERE, _PLACE),
    (_WHAT, _NAME),
    (_WHY, _BECAUSE),
    (_LIST, _LISTED),
    (_CONTACT, _REACHED),
    (_LINK, _ADDRESS),
    (_MONEY, _SUM),
    (_CLOCK, _HOUR),
    (_ALLOWED, _RULES),
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_BACK = re.compile(r"^(?:其|该|这|此|他|她|它|同时|此外|另外|并|It |They |This |These |He |She )")
_ENDS = re.compile(r"[。！？；.!?;：:”’」）)]\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorer:
    """Adds to a weighted sum of the features what a few units make of them together: `straight` + `out` * tanh(`into`).

    `straight` has shape (FEATURES,), `into` (FEATURES, units), `bias` and `out` (units,).
    """

    straight: NDArray[np.float64]
    into: NDArray[np.float64]
    bias: NDArray[np.float64]
    out: NDArray[np.float64]

    def scores(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return for each row, of shape (sentences, FEATURES), its share of the softmax over all of them."""
        if not len(rows):
            return np.zeros(0)
        raw = self.raw(rows)
        powers = np.exp(raw - raw.max())
        found: NDArray[np.float64] = powers / powers.sum()
        return found

    def raw(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the scores that the softmax is taken of."""
        found: NDArray[np.float64] = rows @ self.straight + np.tanh(rows @ self.into + self.bias) @ self.out
        return found

    def reasons(self, row: Sequence[float], *, usual: Sequence[float]) -> dict[str, float]:
        """Return what each feature adds to a sentence's score over its `usual` value, the greatest first."""
        given = np.array(row)
        without = np.tile(given, (len(given), 1))
        np.fill_diagonal(without, usual)
        added = self.raw(given[None, :])[0] - self.raw(without)
        found = {name: round(float(value), 3) for name, value in zip(FEATURES, added, strict=True)}
        return dict(sorted(found.items(), key=lambda pair: (-abs(pair[1]), pair[0])))


@cache
def load_scorer() -> Scorer:
    """Return the scorer with the weights that ship with the package. Raises `ConfigError`."""
    try:
        stored = json.loads(files("rag.answer").joinpath(FILE).read_text("utf-8"))["weights"]
        return Scorer(
            straight=np.array([float(stored["straight"][name]) for name in FEATURES]),
            into=np.array([[float(value) for value in stored["into"][name]] for name in FEATURES]),
            bias=np.array([float(value) for value in stored["bias"]]),
            out=np.array([float(value) for value in stored["out"]]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"the weights in `rag/answer/{FILE}` cannot be read ({error}); install `huwen` again"
        ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence as it is scored: its text and tokens, where it stands, and its likeness to the question."""

    passage: Passage
    text: str
    tokens: frozenset[str]
    at: int
    cosine: float


def feature_rows(
    question: Question, sentences: Sequence[Sentence], *, units: Sequence[Unit], parts: Sequence[Part]
) -> NDArray[np.float64]:
    """Return an array of shape (sentences, FEATURES). The sentences are those of whole passages, in order."""
    wanted = _Wanted.of(question, units, parts)
    best = max((sentence.passage.score for sentence in sentences), default=0.0) or 1.0
    rows: list[list[float]] = []
    start = 0
    while start < len(sentences):
        end = start
        while end < len(sentences) and sentences[end].passage is sentences[start].passage:
            end += 1
        rows += _passage_rows(wanted, sentences[start:end], best=best)
        start = end
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(FEATURES))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What a question asks for, read once."""

    text: str
    units: Sequence[Unit]
    rare: Sequence[Unit]
    content: str
    grams: frozenset[str]
    focus: frozenset[str]
    tokens: frozenset[str]
    numbers: frozenset[str]
    asked: Asked
    parts: Sequence[tuple[str, Asked, Sequence[Unit]]]

    @classmethod
    def of(cls, question: Question, units: Sequence[Unit], parts: Sequence[Part]) -> _Wanted:
        folded = fold(question.text)
        content = "".join(fold(content_words(question.text, lang=question.lang)).split())
        asks = _ASKS.search(folded)
        beside = (
            ""
            if asks is None
            else f"{folded[max(asks.start() - BESIDE, 0) : asks.start()]} {folded[asks.end() : asks.end() + BESIDE]}"
        )
        return cls(
            text=question.text,
            units=units,
            rare=_rarest(units),
            content=content,
            grams=frozenset(content[at : at + GRAM] for at in range(len(content) - GRAM + 1)),
            focus=frozenset(index_tokens(beside)),
            tokens=frozenset(index_tokens(folded)),
            numbers=frozenset(_NUMBER.findall(folded)),
            asked=asked_for(question.text),
            parts=tuple((part.text, asked_for(part.text), part.units) for part in parts),
        )


def _rarest(units: Sequence[Unit]) -> list[Unit]:
    """Return the heaviest units that hold a quarter of the weight, their weights summing to 1."""
    chosen: list[Unit] = []
    held = 0.0
    for unit in sorted(units, key=lambda unit: -unit.weight):
        if held >= RARE_SHARE:
            break
        chosen.append(unit)
        held += unit.weight
    return chosen


def _passage_rows(wanted: _Wanted, sentences: Sequence[Sentence], *, best: float) -> list[list[float]]:
    """Return the features of one passage's sentences."""
    passage = sentences[0].passage
    header = frozenset(index_tokens(f"{passage.header}"))
    around = header.union(*(sentence.tokens for sentence in sentences))
    own = [coverage(wanted.units, sentence.tokens) for sentence in sentences]
    most = max(own) or 1.0
    covered, named = coverage(wanted.units, around), coverage(wanted.units, header)
    warmest = max(sentence.cosine for sentence in sentences) or 1.0
    of_passage = [
        (passage.score / best) ** SHARE_POWER,
        1.0 / passage.rank,
        float(any(flag in ("digest", "teaser") for flag in passage.flags)),
    ]
    named_there = float(_names_all(wanted, passage, around))
    rows = []
    for at, sentence in enumerate(sentences):
        before = sentences[at - 1].tokens if at else frozenset[str]()
        behind = sentences[at + 1].tokens if at + 1 < len(sentences) else frozenset[str]()
        near = coverage(wanted.units, sentence.tokens | before)
        rows.append(
            [
                own[at],
                own[at] / most,
                near - own[at],
                coverage(wanted.units, sentence.tokens | behind) - own[at],
                covered - near,
                coverage(wanted.rare, sentence.tokens) / (sum(unit.weight for unit in wanted.rare) or 1.0),
                named,
                *_of_text(wanted, sentence),
                sentence.cosine,
                sentence.cosine / warmest,
                *_of_kind(wanted, sentence),
                *_of_parts(wanted, sentence),
                own[at] / (0.5 + len(sentence.text) / LONG),
                named_there,
                *_of_form(wanted, sentence, place=1.0 - at / len(sentences)),
                *of_passage,
                float(_ENDS.search(sentence.text) is None),
            ]
        )
    return rows


def _of_text(wanted: _Wanted, sentence: Sentence) -> tuple[float, float, float]:
    """Return the longest run, the share of trigrams, and the share of what stands beside the question word."""
    text = "".join(fold(sentence.text).split())
    longest = 0
    for start in range(len(wanted.content)):
        while start + longest < len(wanted.content) and wanted.content[start : start + longest + 1] in text:
            longest += 1
    held = sum(gram in text for gram in wanted.grams)
    return (
        longest / max(len(wanted.content), 1),
        held / max(len(wanted.grams), 1),
        len(wanted.focus & sentence.tokens) / max(len(wanted.focus), 1),
    )


def _of_kind(wanted: _Wanted, sentence: Sentence) -> tuple[float, ...]:
    text = sentence.text
    is_kind = float(wanted.asked is not Asked.ANYTHING and holds(text, asked=wanted.asked, question=wanted.text))
    focus = len(wanted.focus & sentence.tokens) / max(len(wanted.focus), 1)
    found = (float(asks.search(wanted.text) is not None and given.search(text) is not None) for asks, given in _PAIRS)
    return (is_kind, is_kind * focus, *found)


def _of_parts(wanted: _Wanted, sentence: Sentence) -> tuple[float, float]:
    """Return the best share of any clause that asks, and of any whose kind the sentence holds."""
    shares = [coverage(units, sentence.tokens) for _, _, units in wanted.parts]
    kinds = [
        share
        for (text, asked, _), share in zip(wanted.parts, shares, strict=True)
        if asked is not Asked.ANYTHING and holds(sentence.text, asked=asked, question=text)
    ]
    return max(shares, default=0.0), max(kinds, default=0.0)


def _names_all(wanted: _Wanted, passage: Passage, around: AbstractSet[str]) -> bool:
    names = all(unit.is_in(around) for unit in wanted.units if unit.is_name)
    return names and not absent_years(wanted.text, [passage])


def _of_form(wanted: _Wanted, sentence: Sentence, *, place: float) -> tuple[float, ...]:
    text, tokens = sentence.text, sentence.tokens
    numbers = frozenset(_NUMBER.findall(text))
    return (
        len(wanted.numbers & numbers) / len(wanted.numbers) if wanted.numbers else 1.0,
        _fresh(tokens, wanted.tokens),
        float(sentence.at == 0),
        place,
        float(_ANNOUNCES.search(text) is not None),
        float(len(text) < SHORT),
        min(len(text) / LONG, 2.0),
        float(_BACK.search(text) is not None),
    )


def _fresh(tokens: AbstractSet[str], asked: AbstractSet[str]) -> float:
    return len(tokens - asked) / max(len(tokens), 1)


def stored(scorer: Scorer) -> Mapping[str, object]:
    """Return weights as the file holds them."""
    return {
        "straight": _named(scorer.straight.tolist()),
        "into": _named([[round(value, 3) for value in row] for row in scorer.into.tolist()]),
        "bias": [round(value, 3) for value in scorer.bias.tolist()],
        "out": [round(value, 3) for value in scorer.out.tolist()],
    }


def _named(values: Sequence[object]) -> dict[str, object]:
    rounded = [round(value, 4) if isinstance(value, float) else value for value in values]
    return dict(zip(FEATURES, rounded, strict=True))
