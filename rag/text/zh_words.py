"""Spellings that the Chinese date grammars share; reads no date itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.text.numerals import read_number

if TYPE_CHECKING:
    from rag.text.periods import Period

N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
Y = r"(?:(?:19|20)\d\d|[一二][零〇○九][零〇○一二三四五六七八九]{2})"
TO = r"\s?(?:[-–—~～－]{1,2}|至|到)\s?"
NAMED_YEARS = {
    "今": 0,
    "本": 0,
    "去": -1,
    "上": -1,
    "上一": -1,
    "明": 1,
    "下": 1,
    "次": 1,
    "前": -2,
    "后": 2,
    "大前": -3,
}
MONTH_PARTS = {
    "初": "early", "年初": "early", "上旬": "early", "年中": "middle", "中": "middle", "中旬": "middle", "下旬": "late",
    "底": "end", "末": "end", "年底": "end", "年末": "end", "岁末": "end",
}  # fmt: skip
Found = tuple[int, "Period | None", bool]


def whole_number(written: str) -> int:
    """Return the value of a small number in digits or Chinese numerals, 0 for what is none."""
    value = read_number(written)
    return int(value) if value is not None else 0


def year_number(written: str) -> int:
    """Return the year of 2025 or 二〇二五."""
    if written[0].isdigit() and written[0].isascii():
        return int(written)
    return int("".join(str("零一二三四五六七八九".find(char)) if char not in "〇○" else "0" for char in written))
