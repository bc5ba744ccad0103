"""Whether a passage is of the place that a question names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# How well a passage fits a place: it names it, its article does, nothing is known, it names others of the kind only.
HERE, IN_ARTICLE, UNKNOWN, ELSEWHERE = 1.0, 0.3, -0.2, -1.0

# Provinces and what ranks with them, written without their kind; the names of smaller places are told by their endings.
_PROVINCES = (
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 "
    "云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门"
).split()
_ENDING = r"(?:新区|自治[区州县]|街道|[省市区县镇])"
# What stands before an ending in words that name no place: 园区, 上市, 全省; and behind it: 市场, 区域, 县级.
_NO_PLACE = "园社地校景小片厂辖山库商住全本各外跨城上超股楼车夜都门我该的在是和与及个这那哪每两三四五六七八九十所贸税发业学新验范心郊能作聚乡古重村集"
_PLACE = re.compile(
    rf"(?P<stem>[\u4e00-\u9fff](?![{_NO_PLACE}])[\u4e00-\u9fff])(?P<ending>{_ENDING})(?![场值面价盈占域级块间别内外])"
    rf"|(?P<province>{'|'.join(_PROVINCES)})"
)


def places_in(text: str) -> tuple[str, ...]:
    """Return the places that a folded text names: two characters before the ending, or a province; each once.

    Two are enough to find a longer name by, and no one can tell where it begins.
    """
    return tuple(dict.fromkeys(match["province"] or match["stem"] for match in _PLACE.finditer(text)))


def place_agreement(asked: Sequence[str], *, chunk: str, article: str) -> float:
    """Return how well a passage fits the places, -1 to 1, on average; `chunk` is folded and holds its header."""
    return sum(_fits(asked, chunk=chunk, article=article)) / len(asked)


def _fits(asked: Sequence[str], *, chunk: str, article: str) -> Iterator[float]:
    for place in asked:
        if place in chunk:
            yield HERE
        elif place in article:
            yield IN_ARTICLE
        else:
            yield ELSEWHERE if places_in(chunk) else UNKNOWN
