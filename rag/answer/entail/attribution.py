"""Who a claim says it has its news from, at its beginning: checked by name, and no part of what is said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.answer.entail.wording import bare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.types import Passage

# 据江州日报报道，… According to the Riverside Herald, …
_LEAD = re.compile(
    r"^(?:根?据《?(?P<zh>[^，,。；:《》“”]{2,24}?)》?的?(?:报道|消息|介绍|数据|统计|文章|通知)?(?:显示|称)?[，,]"
    r"|(?:According to|As reported by) (?:the )?(?P<en>[^,]{2,60}), )"
)
# 文章说：… names nobody.
_FRAME = re.compile(
    r"^(?:(?:该|这篇|这份|此|本)?(?:文章|报道|通知|公告|原文|文件|材料|资料)中?(?:说|称|指出|提到|写道|介绍|显示)[，,：:]"
    r"|The (?:article|report|notice|passage|document) (?:says|states|notes|reports)(?: that|:)? )"
)
_NAME = r"(?:[Tt]he )?(?P<name>[A-Z][\w’'&.-]*(?: (?:of |the |for |and )*[A-Z][\w’'&.-]*)*)"
_SAYS = "(?:says|said|reported|reports|told|noted|notes|stated|announced|found|finds|estimates|estimated|shows?|showed)"
# Those who speak at the head of an English claim: The World Bank says that, Data from the Bureau show, Analyst Li Wen said.
_SPEAKERS = (
    re.compile(rf"^{_NAME} {_SAYS}\b"),
    re.compile(rf"^(?:[\w-]+ ){{1,3}}(?:from|by|of) {_NAME} {_SAYS}\b"),
    re.compile(rf", {_NAME} {_SAYS}\b"),
    re.compile(rf", {_SAYS} {_NAME}"),
)
_NOBODY = re.compile("(?:It|This|That|He|She|They|We|The|A|An|Article|Articles|Passage|Report|Notice|Document|Source)$")


def without_attribution(text: str, passages: Sequence[Passage]) -> str:
    """Return the claim without its leading attribution, where that names the source of a passage, or somebody in it."""
    framed = _FRAME.match(text)
    if framed is not None:
        return text[framed.end() :]
    found = _LEAD.match(text)
    if found is None:
        return text
    name = bare(found["zh"] or found["en"])
    held = bare("\n".join(f"{row.source or ''}\n{row.title}\n{row.header}\n{row.text}" for row in passages))
    return text[found.end() :] if name and name in held else text


def speakers(text: str) -> Iterator[str]:
    """Yield the names that an English claim puts its words in the mouth of."""
    for pattern in _SPEAKERS:
        for found in pattern.finditer(text):
            if not _NOBODY.match(found["name"]):
                yield found["name"]
