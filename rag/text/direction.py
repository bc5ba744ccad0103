"""What a clause asserts: up or down, since when, denied or demanded; says nothing about what it is asserted of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rag.text.normalise import level
from rag.text.sentences import clause_spans

if TYPE_CHECKING:
    from rag.types import Span

Direction = Literal["up", "down", "flat"]
Duty = Literal["must", "may", "must_not"]
Basis = Literal["year_on_year", "period_on_period"]

_UP = (
    "增长|上升|提高|提升|上涨|增加|扩大|攀升|回升|走高|上调|增至|升至|升到|涨至|跃升|新增|高于|超过|突破|翻番|多于|改善|扭亏|"
    r"\b(?:rose|rise[sn]?|rising|grew|grow[sn]?|growing|increas\w+|climb\w*|gain(?:s|ed)?|jump\w*|surg\w+|up|higher|"
    r"exceed\w*|above|expand\w*|doubled|tripled|improv\w+|more)\b"
)
_DOWN = (
    "下降|降低|减少|下滑|下跌|缩小|收窄|回落|走低|下调|降至|降到|跌至|缩短|低于|不足|不到|放缓|萎缩|少于|恶化|降幅|跌幅|"
    r"\b(?:fell|falls?|fallen|falling|declin\w+|decreas\w+|drop\w*|slid\w*|down|lower|below|shr[aiu]nk\w*|reduc\w+|cut|"
    r"slow\w*|contract(?:ed|ing)|worsen\w*|fewer|less)\b"
)
_FLAT = r"持平|不变|稳定在|\b(?:flat|unchanged|stable)\b"
_DIRECTIONS: tuple[tuple[Direction, re.Pattern[str]], ...] = (
    ("up", re.compile(_UP, re.IGNORECASE)),
    ("down", re.compile(_DOWN, re.IGNORECASE)),
    ("flat", re.compile(_FLAT, re.IGNORECASE)),
)
_OPPOSITE: dict[Direction, Direction] = {"up": "down", "down": "up"}
# Bounds, not movements: 不少于 says nothing of a fall, 不低于 nothing of a lower value.
_BOUNDS = re.compile(
    r"不(?:得|能|应)?(?:少于|低于|高于|超过|多于|足|到)|(?:no|not) (?:less|more|fewer|lower|higher) than|at least|more than|less than|fewer than"
)
_DUTIES: tuple[tuple[Duty, re.Pattern[str]], ...] = (
    ("must_not", re.compile(r"不得|不可(?!或缺|逆|分)|禁止|严禁|不能(?!忽视|替代)|不准|不予|\b(?:must|shall|may|can|should)(?: ?not|n't)\b|\bcannot\b|\bprohibit\w*|\bforbid\w*", re.IGNORECASE)),
    ("must", re.compile(r"应当|必须|(?<![必供军急])须|(?<![供相反适响对效])应(?![用对急邀该有收付届运])|\b(?:must|shall|required to|has to|have to)\b", re.IGNORECASE)),
    ("may", re.compile(r"可以|允许|准予|有权|\b(?:may|can|allowed|permitted)\b|(?<![不许认])可(?=[向在按由申享获凭通])", re.IGNORECASE)),
)  # fmt: skip
_DENIAL = re.compile(
    r"未(?!来|必|成年|雨)|没有|并非|不是|并不|从不|尚无|无(?:法|需|须|权)|不(?:再|会|属于|适用|包括|含|存在|具备|符合|享受)|"
    r"\b(?:not|never|without|neither|nor|no longer)\b|n't\b",
    re.IGNORECASE,
)
_BASES: tuple[tuple[Basis, re.Pattern[str]], ...] = (
    ("year_on_year", re.compile(r"同比|较上年|比上年|比去年|较去年|年均|\byear[- ](?:on|over)[- ]year\b|\byoy\b|\bfrom a year (?:ago|earlier)", re.IGNORECASE)),
    ("period_on_period", re.compile(r"环比|较上月|比上月|较上季|比上季|\b(?:month|quarter)[- ](?:on|over)[- ](?:month|quarter)\b|\bqoq\b|\bmom\b", re.IGNORECASE)),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """What the clause at `span` asserts; every field is empty where it asserts nothing of the kind."""

    span: Span
    directions: frozenset[Direction]
    denied: bool
    duty: Duty | None
    bases: frozenset[Basis]


def stances(text: str) -> list[Stance]:
    """Return the stance of each clause, in order."""
    levelled = level(text)
    return [_stance(levelled[span.start : span.end], span) for span in clause_spans(text)]


def opposed(one: Stance, other: Stance) -> bool:
    """Tell whether two clauses on the same matter cannot both hold: up and down, may and must not, said and denied.

    Growth on the year and growth on the quarter are no contradiction, and neither confirms the other: see `same_basis`.
    """
    if {one.duty, other.duty} in ({"may", "must_not"}, {"must", "must_not"}):
        return True
    if one.directions and other.directions and same_basis(one, other):
        turned = frozenset(_OPPOSITE.get(direction, direction) for direction in other.directions)
        theirs = turned if other.denied != one.denied else other.directions
        return not one.directions & theirs
    return one.denied != other.denied and not (one.directions or other.directions)


def same_basis(one: Stance, other: Stance) -> bool:
    """Tell whether two clauses compare with the same period, as far as they say."""
    return not one.bases or not other.bases or bool(one.bases & other.bases)


def _stance(clause: str, span: Span) -> Stance:
    plain = _BOUNDS.sub("", clause)
    duty = next((name for name, pattern in _DUTIES if pattern.search(clause)), None)
    return Stance(
        span=span,
        directions=frozenset(name for name, pattern in _DIRECTIONS if pattern.search(plain)),
        denied=duty != "must_not" and _DENIAL.search(plain) is not None,
        duty=duty,
        bases=frozenset(name for name, pattern in _BASES if pattern.search(clause)),
    )
