"""The edition that a question names (第九届, 2026年度), and whether the passages speak only of others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.text.normalise import level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.types import Passage

_DIGITS = "零一二三四五六七八九"
_ORDINAL = re.compile(r"第(?P<number>[一二三四五六七八九十]{1,3}|\d{1,2})(?P<kind>[届批期次轮])")
_YEAR = re.compile(r"(?P<number>(?:19|20)\d\d)(?P<kind>年度)")


def other_editions(question: str, passages: Sequence[Passage]) -> tuple[str, ...]:
    """Return the editions of the question that no passage names, where the passages name others of the same kind."""
    texts = [level(f"{passage.header}\n{passage.text}") for passage in passages]
    named = {edition for text in texts for edition in _editions(text)}
    kinds = {kind for _, kind in named}
    asked = dict.fromkeys(_editions(level(question)))
    absent = [(number, kind) for number, kind in asked if (number, kind) not in named and kind in kinds]
    return tuple(
        _written(number, kind) for number, kind in absent if not any(_is_in(number, kind, text) for text in texts)
    )


def _editions(text: str) -> list[tuple[int, str]]:
    found = [*_ORDINAL.finditer(text), *_YEAR.finditer(text)]
    return [(_number(match["number"]), match["kind"]) for match in found]


def _number(written: str) -> int:
    if written.isdigit():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    return (10 * (_DIGITS.index(tens) if tens else 1) if ten else 0) + (_DIGITS.index(ones) if ones else 0)


def _written(number: int, kind: str) -> str:
    return f"{number}{kind}" if kind == "年度" else f"第{number}{kind}"


def _is_in(number: int, kind: str, text: str) -> bool:
    """Tell whether a text names an edition without the sign of an ordinal: 二期, 2026年."""
    short = (
        f"{number}年" if kind == "年度" else f"{_DIGITS[number]}{kind}" if number < len(_DIGITS) else f"{number}{kind}"
    )
    return re.search(rf"(?<![第\d十]){short}", text) is not None
