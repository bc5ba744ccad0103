"""Questions that ask for all there is (digests, dossiers, whole lists), and the sentences that answer them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.answer.evidence import Evidence
    from rag.types import Question

# The first sentence found of each article, and beside them the likeliest of all.
MOST_ARTICLES, LIKELIEST = 8, 4
# An article less likely to be about it than this, as a share of the likeliest, has no say.
SHARE_OF_BEST = 0.15

_OVERVIEW = re.compile(
    r"梳理|整理|要点|简报|周报|日报|月报|盘点|动态|动向|近况|资料|捋|档案|进展|最近[^，。？]{0,6}[啥些]|"
    r"\bprofile\b|overview|summar|\bstories\b|\bnews\b|digest",
    re.IGNORECASE,
)
_WHOLE_LIST = re.compile(
    r"列[全齐]|全[都部]?列|[都全部]+给我|到目前|到现在|所有|全部|每一?[家个位项]|哪些方面|按时间|"
    r"\ball (?:of )?the\b|\blist all\b|\bevery\b",
    re.IGNORECASE,
)


def is_overview(question: Question) -> bool:
    """Tell whether a question asks what there is about something, and so for no one thing that could be missing."""
    return _OVERVIEW.search(question.text) is not None


def is_gathering(question: Question) -> bool:
    """Tell whether a question asks for an overview or for a whole list, which several articles hold together."""
    return is_overview(question) or _WHOLE_LIST.search(question.text) is not None


def leads(ranked: Sequence[Evidence]) -> list[Evidence]:
    """Return the first sentence that was found of each likely article, in the order of the passages."""
    least = SHARE_OF_BEST * max((row.passage.score for row in ranked), default=0.0)
    likely = dict.fromkeys(
        row.passage.article_id for row in sorted(ranked, key=lambda row: row.passage.rank) if row.passage.score >= least
    )
    firsts = (min((row for row in ranked if row.passage.article_id == key), key=_start) for key in likely)
    return list(firsts)[:MOST_ARTICLES]


def _start(row: Evidence) -> int:
    return row.span.start
