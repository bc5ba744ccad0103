"""Finds the words around a number that bound or blur it; looks a few characters to each side and no further."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.text.figures import Qualifier
    from rag.types import Span

_BEFORE: dict[str, Qualifier] = {
    **dict.fromkeys("约 大约 约为 大概 大致 左右 估计 大约为 约有 约占 约合 约达 ~ ≈".split(), "about"),
    **dict.fromkeys("近 接近 将近 逼近".split(), "near"),
    **dict.fromkeys("超 超过 逾 突破 高于 大于 多于 超出 破 已超 > 超额 高出 达逾".split(), "over"),
    **dict.fromkeys(
        "至少 不少于 不低于 不小于 最少 不短于 不得少于 不得低于 不得小于 不应低于 不应少于 不应小于 不宜低于 不宜小于 不短于 ≥ 年满 已满 最低 不早于 起码 满".split(),
        "at_least",
    ),
    **dict.fromkeys("不到 不足 低于 少于 小于 未满 不满 未达 不及 <".split(), "under"),
    **dict.fromkeys(
        "不超过 不高于 不多于 不大于 至多 最多 最高 最长 不超 不得超过 不得高于 不得多于 不得大于 不应超过 不应大于 不应高于 不宜超过 不宜大于 不能超过 ≤ 不长于 上限为 最高不超过 不逾".split(),
        "at_most",
    ),
}
_NOT_BEFORE = re.compile(
    "(?:[节预公大条契签邀特制]约|(?<!折)合约|[附最临靠远亲就相贴]近|[赶]超|[充圆丰美不饱挤客期]满)$"
)
_AFTER: tuple[tuple[str, Qualifier], ...] = (
    ("(?:[(（]含[^()（）]{0,6}[)）])?(?:及|或)?(?:其)?以上", "at_least"),
    ("(?:[(（]含[^()（）]{0,6}[)）])?(?:及|或)?(?:其)?以下", "at_most"),
    ("(?:以内|之内)", "at_most"),
    ("(?:左右|上下|许(?![多可]))", "about"),
    ("余(?![额下])", "over"),
    ("起(?=[，。；、)）]|$)", "at_least"),
    (r",? or (?:more|above|over|higher|longer)\b", "at_least"),
    (r",? or (?:less|fewer|below|lower|under|shorter)\b", "at_most"),
    (r" at least\b", "at_least"),
    (r" and above\b", "at_least"),
    (r"\+(?![\d])", "over"),
)
_AFTER_PATTERN = re.compile("|".join(f"({pattern})" for pattern, _ in _AFTER))
_WORDS: dict[str, Qualifier] = {
    **dict.fromkeys(("about", "around", "roughly", "approximately", "some", "an estimated", "circa"), "about"),
    **dict.fromkeys(("nearly", "almost", "close to", "approaching", "just under"), "near"),
    **dict.fromkeys(("more than", "over", "above", "exceeding", "exceeded", "exceeds", "exceed", "topped", "surpassed",
                     "surpassing", "greater than", "upwards of", "in excess of", "higher than"), "over"),
    **dict.fromkeys(("at least", "no less than", "not less than", "no fewer than", "a minimum of", "no lower than",
                     "not lower than"), "at_least"),
    **dict.fromkeys(("less than", "fewer than", "under", "below", "lower than"), "under"),
    **dict.fromkeys(("at most", "no more than", "not more than", "up to", "not exceeding", "a maximum of",
                     "not exceed", "within", "as many as"), "at_most"),
}  # fmt: skip
_ENGLISH = re.compile(rf"\b({'|'.join(sorted(_WORDS, key=len, reverse=True))})\s+(?:an?\s+)?$", re.IGNORECASE)
# 不超过总投资的30%: the bound stands before the noun that the share is of.
_SHARE_OF = re.compile(
    "(不超过|不得超过|不低于|不得低于|不高于|不少于|不得少于|不足|不到|超过|约占|占)[\u4e00-\u9fff“”]{1,12}的$"
)
_LONGEST = 6
_WINDOW = 24


def qualifier_before(text: str, start: int, *, after: int) -> Qualifier:
    """Return what the words that end at `start` say of the number there; they begin at `after` or later."""
    while start > after and text[start - 1] in " $€£¥\u00a0“":
        start -= 1
    for length in range(min(_LONGEST, start - after), 0, -1):
        word = text[start - length : start]
        if word in _BEFORE and not _NOT_BEFORE.search(text[max(0, start - 4) : start]):
            return _BEFORE[word]
    if start > after and text[start - 1] == "的":
        found = _SHARE_OF.search(text[max(after, start - 18) : start])
        return _BEFORE.get(found[1], "exact") if found else "exact"
    if start > after and text[start - 1].isascii() and text[start - 1].isalpha():
        found = _ENGLISH.search(text[max(after, start - _WINDOW) : start] + " ")
        return _WORDS[found[1].lower()] if found else "exact"
    return "exact"


def qualifier_after(text: str, end: int) -> Qualifier:
    """Return what the words that begin at `end` say of the number before them."""
    found = _AFTER_PATTERN.match(text, end)
    return _AFTER[found.lastindex - 1][1] if found and found.lastindex else "exact"


def qualifier_around(text: str, span: Span, *, after: int) -> Qualifier:
    """Return what either side says; the words after the number count first: 不低于5%以上 is rare and means at least."""
    behind = qualifier_after(text, span.end)
    return qualifier_before(text, span.start, after=after) if behind == "exact" else behind
