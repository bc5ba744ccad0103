"""Whether the names, codes and origins that a claim gives stand in what it cites."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.answer.entail.attribution import speakers
from rag.answer.entail.wording import bare
from rag.retrieve.synonyms import variants
from rag.text.names import names_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.answer.entail.reading import Reading
    from rag.types import Passage

NAME = "name_not_in_source"
CODE = "code_not_in_source"
ORIGIN = "origin_not_in_source"
# A name found by its form may begin a word too early or too late: one pair of neighbours may be new.
NEW_PAIRS = 1
# What an organisation's name found by its form may drag along: 2016年毕业于, 由.
_LEAD = re.compile("^.*(?:于|在|为|是|的|年|入|由)(?=.{4})")
_FORMED = ("organisation", "person")
_ORIGIN = re.compile(
    r"(?<![根依论证数])据(?P<zh>[^，,。；:“”]{2,24}?)(?:\d{1,2}日|近日)?(?:(?:报道|消息|统计|透露|发布|公布|介绍|披露|数据)(?![局部署机中协])|电?[，,])"
    r"|(?i:according to|reported by|as reported by)\s(?:the\s)?(?P<en>[A-Z][\w’'&.-]*(?:\s(?:of\s|the\s)?[A-Z][\w’'&.-]*)*)"
)
_SPEAKER = re.compile(
    "(?:^|[，,。；])(?P<zh>[^，,。；：“”]{2,16}?)(?:的?(?:消息|报道|通报|公报|报告|数据)(?:称|显示|指出)|(?:表示|指出|认为|透露|介绍|强调|坦言|称)[，,：:])"
)
_SAYS_NOTHING = re.compile("(?:文章|报道|通知|公告|文件|原文|资料|了解|悉|介绍|统计|测算|初步|有关|此|该|其|[、的])+")


def name_problems(claim: Reading, passages: Sequence[Passage]) -> Iterator[str]:
    """Yield the names, codes and origins of the claim that no cited passage, title or source line holds."""
    held = bare("\n".join(f"{row.header}\n{row.source or ''}\n{row.text}" for row in passages))
    for code in claim.codes:
        if bare(claim.quoted(code.span)) not in held:
            yield f"{CODE}: {claim.quoted(code.span)}"
    chinese = any(row.lang == "zh" for row in passages) and re.search("[㐀-鿿]", claim.text) is not None
    for name in names_in(claim.text):
        said = claim.quoted(name.span)
        if name.kind == "latin":
            yield from (f"{NAME}: {word}" for word in said.split() if chinese and bare(word) not in held)
        elif not _is_held(_LEAD.sub("", said), held, new=NEW_PAIRS if name.kind in _FORMED else None):
            yield f"{NAME}: {said}"
    for said in _origins(claim.text):
        if not _SAYS_NOTHING.fullmatch(said) and not _is_held(said, held, new=0):
            yield f"{ORIGIN}: {said}"


def _origins(text: str) -> Iterator[str]:
    for pattern in (_ORIGIN, _SPEAKER):
        for found in pattern.finditer(text):
            yield next(group for group in found.groups() if group is not None)
    yield from speakers(text)


def _is_held(name: str, held: str, *, new: int | None) -> bool:
    """Tell whether a name stands in `held`, word for word or but for so many `new` pairs of neighbouring characters."""
    return any(other in held or (new is not None and _new_pairs(other, held) <= new) for other in variants(bare(name)))


def _new_pairs(name: str, held: str) -> int:
    """Return how many pairs of neighbouring characters `held` does not have; of a name of two, any is one too many."""
    pairs = [name[at : at + 2] for at in range(len(name) - 1)]
    return sum(pair not in held for pair in pairs) if len(pairs) > 1 else len(name)
