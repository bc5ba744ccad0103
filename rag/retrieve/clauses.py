"""The clause of a notice that a question is about: until when, who may, how and where, whom to ask."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.retrieve.ranking import ranked
from rag.text.normalise import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rag.retrieve.search import Search
    from rag.search_types import Candidate

NOTICE = "notice"
# Clauses that are at least so likely as the article's likeliest, as a share of it, change places.
PLAUSIBLE = 0.1

_ASKS = {
    "until": re.compile(
        r"截止|截至什么|到(?:什么时候|何时|哪天|几号|几月)|最晚|期限|来得及|何时结束|"
        r"deadline|until when|by when|last day|\bdue\b|no later than"
    ),
    "who": re.compile(
        r"(?:哪些|哪类|什么样的?|何种)(?:单位|企业|公司|机构|个人|人|主体|对象|项目|产品).{0,8}(?:可以|能|可|有资格|参加|申报|申请|报名)|"
        r"谁(?:可以|能|有资格)|(?:申报|申请|参加|报名|征集|参评)(?:对象|主体|条件|资格)|"
        r"\bwho (?:can|may|is (?:able|allowed))|eligib|qualif"
    ),
    "how": re.compile(
        r"(?:怎么|如何|怎样)(?:办|申|报|提交|参加|注册|预约|领)|(?:在|到|去)?哪(?:里|儿)(?:可以)?(?:办|申|报|提交|参加|注册|填)|流程|"
        r"how (?:do|to|can|should) .{0,14}(?:apply|submit|register|file|take part)|where .{0,14}(?:apply|submit|register|file)"
    ),
    "whom": re.compile(
        r"找谁|问谁|咨询|联系(?:人|谁|方式|电话)|电话(?:号码)?是?多少|whom? .{0,10}(?:ask|contact|call)|phone|contact"
    ),
}
_MAY = re.compile(
    r"(?:申报|申请|参加|报名|征集|参评|支持|参展|适用)(?:对象|主体|条件|范围)|面向|独立法人|法人资[格质]|民事责任|"
    r"(?:应|应当|须)(?:具有|具备|符合|为|是)|eligib|applicants? (?:must|should|may)"
)
_HAND_IN = re.compile(r"提交|报送|登录|注册|填[写报]|报名|上传|申报|办理|申请|寄送|submit|regist|apply|file")
_ADDRESS = re.compile(r"https?://|www\.|@|扫码|二维码|小程序|公众号|邮寄|窗口|(?:路|街|大道|弄)\d+[号弄]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clauses:
    """Within each notice, puts the clauses that hold what is asked before the others; no other article moves."""

    def run(self, search: Search) -> Search:
        """Return the search with the clauses of notices in the new order, and the scores where they were."""
        kinds = asked_kinds(search.text)
        if not kinds:
            return search
        notices: defaultdict[str, list[Candidate]] = defaultdict(list)
        for row in search.candidates:
            if NOTICE in row.article.flags:
                notices[row.article.article_id].append(row)
        moved = {row.chunk.chunk_id: row for rows in notices.values() for row in _ordered(rows, kinds)}
        rows = {row.chunk.chunk_id: moved.get(row.chunk.chunk_id, row) for row in search.candidates}
        order = ranked({chunk_id: row.hit.score for chunk_id, row in rows.items()})
        return replace(search, candidates=tuple(rows[chunk_id] for chunk_id, _ in order))


def asked_kinds(text: str) -> tuple[str, ...]:
    """Return which of `until`, `who`, `how` and `whom` a question asks."""
    folded = fold(text)
    return tuple(kind for kind, asks in _ASKS.items() if asks.search(folded))


def _ordered(rows: Sequence[Candidate], kinds: Sequence[str]) -> list[Candidate]:
    """Return one notice's candidates; of those that are plausible the ones that hold most have the highest scores."""
    floor = PLAUSIBLE * max(row.hit.score for row in rows)
    plausible = [row for row in rows if row.hit.score >= floor]
    held = {row.chunk.chunk_id: sum(HOLDS[kind](row) for kind in kinds) for row in plausible}
    order = sorted(plausible, key=lambda row: (-held[row.chunk.chunk_id], -row.hit.score, row.chunk.chunk_id))
    scores = sorted((row.hit.score for row in plausible), reverse=True)
    return [replace(row, hit=replace(row.hit, score=score)) for row, score in zip(order, scores, strict=True)]


def _holds_deadline(row: Candidate) -> bool:
    events = row.article.particulars.events
    return any(event.kind == "deadline" and row.chunk.start <= event.span.start < row.chunk.end for event in events)


def _holds_contact(row: Candidate) -> bool:
    return any(row.chunk.start <= contact.span.start < row.chunk.end for contact in row.article.particulars.contacts)


def _holds_condition(row: Candidate) -> bool:
    return _MAY.search(fold(row.chunk.text)) is not None


def _holds_way(row: Candidate) -> bool:
    folded = fold(row.chunk.text)
    return _HAND_IN.search(folded) is not None and _ADDRESS.search(folded) is not None


HOLDS: dict[str, Callable[[Candidate], bool]] = {
    "until": _holds_deadline,
    "who": _holds_condition,
    "how": _holds_way,
    "whom": _holds_contact,
}
