"""What a question asks for, as the learned reranker compares it with texts: weighed units, kinds, days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.retrieve.rerank_text import EDGE
from rag.text.normalise import fold
from rag.text.tokens import index_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from rag.search_types import Query
    from rag.types import Lang

# So many ways of asking are compared with each text, so many units of each.
MOST_WORDINGS = 4
MOST_UNITS = 64
RARE_SHARE = 0.25

_RUN = re.compile(r"[㐀-鿿]+|[^㐀-鿿\s]+")
_HAN = re.compile(r"[㐀-鿿]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*[月.]\s*(\d{1,2})(?!\d)")
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH_DAY = re.compile(rf"\b({'|'.join(_MONTHS)})\s+(\d{{1,2}})\b|\b(\d{{1,2}})\s+({'|'.join(_MONTHS)})\b")
_FRESH = re.compile(r"最新|目前|现在|如今|近期|最近|截至|\b(?:latest|current(?:ly)?|recent(?:ly)?|now|most recent)\b")
_RELATIVE_YEARS = (("今年", 0), ("this year", 0), ("去年", -1), ("last year", -1), ("前年", -2), ("明年", 1))
# What a question may ask for: its words, and how a text that holds it looks; both folded.
_NUMBER = r"\d[\d,.]*"
_KINDS = {
    "rate": (
        r"增速|增长率|增幅|涨幅|占比|比重|比例|百分之|同比|环比|几成|percent|proportion|share|growth|\brate\b",
        rf"{_NUMBER}\s*(?:%|个?百分点|成|倍|percent)",
    ),
    "money": (
        r"[多几][少百千万亿]*[美港欧]?元|多少钱|票价|价格|租金|奖金|资金|补贴|资助|金额|投资额|how much|\b(?:price|cost|subsid\w+|funding)\b",
        rf"{_NUMBER}\s*[多余]?[十百千万亿]*[美港欧日]?元|[$€£]\s?\d|(?:yuan|dollars)",
    ),
    "amount": (
        r"多少|几[个家项名位万亿倍年天人款场支座]|规模|数量|多大|多高|多长|多远|how (?:many|much|large|big|long|far|old)|number of",
        rf"{_NUMBER}\s*[多余]?[十百千万亿]*[^\W\d_]",
    ),
    "time": (
        r"何时|什么时[候间]|哪[一]?[年月天日]|几[月号点]|时间|日期|截止|期限|\bwhen\b|deadline|what (?:date|day|time|year|month)|until",
        r"\d{1,2}\s*月|\d{4}\s*年|\d{1,2}:\d\d|\b(?:19|20)\d\d\b",
    ),
    "deadline": (
        r"截止|截至|期限|来得及|什么时候(?:前|之前)|最晚|deadline|until when|by when|due|still (?:file|apply)",
        r"截止|截至\s*\d|(?:日|时|点)\s*(?:前|止)|逾期|期限|有效期|deadline|no later than",
    ),
    "who": (
        r"谁|哪[些位]?(?:领导|人|专家|嘉宾)|负责人|\bwho(?:m|se)?\b",
        r"(?:主任|书记|市长|区长|部长|局长|董事长|总经理|总裁|院士|教授|主席|院长|会长|负责人)",
    ),
    "contact": (
        r"联系|电话|邮箱|咨询|找谁|问谁|网址|网站|平台(?:是|在|申)|在哪.{0,4}(?:申报|报名|提交)|phone|e-?mail|contact|website|\burl\b|landline",
        r"https?:|www\.|@|(?<!\d)1\d{10}(?!\d)|\d{3,4}-\d{7,8}|(?<!\d)\d{8}(?!\d)|电话|联系人|邮箱",
    ),
    "condition": (
        r"条件|要求|资格|符合|能不能|能否|可以.{0,8}吗|算不算|能.{0,10}吗|限制|eligib|qualif|requirement|can (?:we|i|one)|criteria",
        r"应当|应具|须|不得|不低于|不少于|不超过|要求|条件|符合|具有|具备|原则上",
    ),
    "submit": (
        r"怎么(?:申|报|提交)|如何(?:申|报|提交)|材料|格式|纸质|份数|几份|提交|流程|how (?:do|to|can) .{0,12}(?:apply|file|submit)|format|copies|documents?",
        r"提交|报送|上传|盖章|一式|pdf|word|纸质|电子版|材料|装订|登录",
    ),
    "where": (
        r"哪里|哪儿|什么地方|哪个(?:区|城市|省|地方|国家)|地址|地点|坐落|位于|\bwhere\b|which (?:city|district|country)",
        r"位于|坐落|地处|在[^，。]{2,12}(?:区|市|镇|路|园|馆|中心|街道|大厦)|地址|路\d+号",
    ),
    "what": (r"是什么|什么是|指(?:的是)?什么|含义|什么意思|what (?:is|are|does)|mean", r"是指|指的是|即|简称|称为|是一[种个项家款]|包括"),
    "list": (r"哪些|哪几|有哪|列出|全部|分别|名单|\blist\b|\bwhich\b|name the", r"、[^、，。]{1,20}、|一是|包括|分别|[1-9][.、]"),
    "why": (r"为什么|为何|原因|\bwhy\b", r"因为|由于|因此|所以|原因|为了|because"),
}  # fmt: skip
_ASKS = {name: re.compile(asks) for name, (asks, _) in _KINDS.items()}
HOLDS = {name: re.compile(holds) for name, (_, holds) in _KINDS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One way of asking.

    Each character or word has two forms of which a text must hold one, and a weight; `weights` sum to 1 times the
    query's own weight. `rare` marks the heaviest that hold a quarter of it. `starts` is where each word's forms begin
    where some have several, `None` where every word has one pair.
    """

    forms: tuple[tuple[str, str], ...]
    weights: NDArray[np.float64]
    rare: NDArray[np.bool_]
    starts: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What one question asks for. `kinds` are names of `HOLDS`; `days` are (month, day) pairs."""

    wordings: tuple[Wording, ...]
    kinds: tuple[str, ...]
    numbers: frozenset[str]
    years: frozenset[int]
    days: frozenset[tuple[int, int]]
    fresh: bool
    lang: Lang


def wanted_of(
    text: str,
    *,
    queries: Sequence[Query],
    lang: Lang,
    as_of: date | None,
    idf: Callable[[Sequence[str]], list[float]],
) -> Wanted:
    """Return what a question asks for that is searched by `queries`."""
    folded = fold(text)
    wordings = [
        (grouped_wording(query, idf=idf) if query.groups else wording_of(query.text, weight=query.weight, idf=idf))
        for query in queries[:MOST_WORDINGS]
    ]
    return Wanted(
        wordings=tuple(row for row in wordings if row is not None),
        kinds=tuple(name for name, asks in _ASKS.items() if asks.search(folded)),
        numbers=frozenset(token for token in index_tokens(folded) if token[0].isdigit()),
        years=frozenset(_years(folded, as_of)),
        days=frozenset(days_in(folded)),
        fresh=_FRESH.search(folded) is not None,
        lang=lang,
    )


def wording_of(folded: str, *, weight: float, idf: Callable[[Sequence[str]], list[float]]) -> Wording | None:
    """Return one way of asking, or `None` where it holds no word."""
    rows: list[tuple[tuple[str, str], float]] = []
    for run in _RUN.finditer(folded):
        rows += (_han if _HAN.match(run[0]) else _other)(run[0], idf)
    rows = rows[:MOST_UNITS]
    weights = np.array([share for _, share in rows])
    if not weights.sum() > 0:
        return None
    return Wording(
        forms=tuple(forms for forms, _ in rows),
        weights=weights * (weight / weights.sum()),
        rare=_rare(weights),
    )


def grouped_wording(query: Query, *, idf: Callable[[Sequence[str]], list[float]]) -> Wording | None:
    """Return a way of asking whose words each have several ways of being said."""
    forms: list[tuple[str, str]] = []
    starts: list[int] = []
    weights: list[float] = []
    for group in query.groups[:MOST_UNITS]:
        starts.append(len(forms))
        forms += [_forms(choice.text) for choice in group.choices]
        weights.append(max(choice.weight * sum(idf(choice.tokens)) for choice in group.choices))
    shares = np.array(weights)
    if not shares.sum() > 0:
        return None
    return Wording(
        forms=tuple(forms),
        weights=shares * (query.weight / shares.sum()),
        rare=_rare(shares),
        starts=tuple(starts) if len(starts) < len(forms) else None,
    )


def _forms(text: str) -> tuple[str, str]:
    """Return a text's form, the same twice where it has one."""
    return (text, text) if _HAN.match(text) else (f"{EDGE}{text}{EDGE}", f"{EDGE}{text}s{EDGE}")


def _rare(weights: NDArray[np.float64]) -> NDArray[np.bool_]:
    order = np.argsort(-weights, kind="stable")
    before = np.concatenate([[0.0], np.cumsum(weights[order])[:-1]])
    rare = np.zeros(len(weights), dtype=bool)
    rare[order[before < RARE_SHARE * weights.sum()]] = True
    return rare


def days_in(folded: str) -> list[tuple[int, int]]:
    """Return the (month, day) pairs of a folded text."""
    found = [(int(match[1]), int(match[2])) for match in _DAY.finditer(folded)]
    for match in _MONTH_DAY.finditer(folded):
        name, day = (match[1], match[2]) if match[1] else (match[4], match[3])
        found.append((_MONTHS.index(name) + 1, int(day)))
    return found


def years_in(folded: str) -> list[int]:
    """Return the years that a folded text names in figures."""
    return [int(year) for year in _YEAR.findall(folded)]


def _years(folded: str, as_of: date | None) -> list[int]:
    relative = [] if as_of is None else [as_of.year + step for word, step in _RELATIVE_YEARS if word in folded]
    return years_in(folded) + relative


def _han(run: str, idf: Callable[[Sequence[str]], list[float]]) -> list[tuple[tuple[str, str], float]]:
    """Return each character's two pairs; the rarer one's weight does not count, since it may belong to no word."""
    tokens = [run[at : at + 2] for at in range(len(run) - 1)] or [run]
    weights = idf(tokens)
    pairs = [tokens[0], *tokens], [*tokens, tokens[-1]]
    shares = [weights[0], *weights], [*weights, weights[-1]]
    return [((one, other), min(a, b)) for one, other, a, b in zip(*pairs, *shares, strict=True)][: len(run)]


def _other(run: str, idf: Callable[[Sequence[str]], list[float]]) -> list[tuple[tuple[str, str], float]]:
    tokens = list(dict.fromkeys(index_tokens(run)))
    if not tokens:
        return []
    return [(_forms(token), share) for token, share in zip(tokens, idf(tokens), strict=True)]
