"""What kind of document an article is, by its title and its build; news, the usual kind, has no code."""

from __future__ import annotations

import re
from collections import Counter

NOTICE, DIGEST, PLAN, PROFILE = "notice", "digest", "plan", "profile"

# So many clauses make a plan, so many equal link heads a digest, so many mentions of a title's name a profile.
PLAN_CLAUSES = 3
DIGEST_LINKS = 3
PROFILE_MENTIONS = 4

_ANNEX = r"(?:\s*[（(《].{0,30}[)）》])?[!！]?$"
_NOTICE = re.compile(
    rf"(?:通知|公告|通告|公示|启事|公开征求意见|征求意见函){_ANNEX}"
    r"|(?:申报|报名|征集|招募|招聘|评选|注册)(?:工作|通道)?(?:已)?(?:全面)?(?:启动|开始|开启)[!！]?$"
    r"|^(?:Notice|Announcement|Call for)\b"
)
_DIGEST = re.compile(
    r"(?:一周|本周|每周|双周|本月|每月|月度|年度)(?:要闻|新闻|动态|回顾|速览|大事|热点)"
    r"|(?:周报|月报|简报|要闻汇总|新闻速览)(?:\s*[（(|｜].*)?$|\b(?:weekly|monthly) (?:digest|round-?up)\b",
    re.IGNORECASE,
)
_PLAN = re.compile(
    r"(?:规划|纲要|建议|行动方案|行动计划|三年计划|实施方案|工作方案|若干(?:措施|政策|意见|规定|举措)|实施意见|指导意见"
    rf"|管理办法|实施办法|暂行办法|条例|实施细则|工作要点)》?{_ANNEX}"
)
# A title that tells what happened to a plan heads news of it.
_TELLS = re.compile(r"出台|发布|印发|公布|解读|通过|启动|召开|来了|实施[!！]?$")
_PROFILE = re.compile(
    r"[｜|丨][^｜|丨]*(?:人物|人才|菁英|精英|英才|工匠|榜样|楷模|青年)[^｜|丨]*$|^(?:专访|对话|访谈)|——访"
    r"|^Profile:",
)
_PROFILE_BOX = re.compile(r"(?m)^【?(?:人物|个人|嘉宾|作者)(?:小传|简介|档案|名片|介绍)】?[：:]?$")
_NAMED = re.compile(r"^[“”《》‘’]*(?:“[^”]{1,8}”)?([一-鿿·]{2,6})[：:]")
_CLAUSE = re.compile(
    r"(?m)^\s*(?:第[一二三四五六七八九十百零\d]+[条章]|[（(][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、)"
)
_LINK_HEAD = re.compile(r"(?m)^【[^】\n]{2,10}】$")


def document_type(title: str, text: str) -> str | None:
    """Return `notice`, `digest`, `plan` or `profile`, or `None` for news."""
    if _NOTICE.search(title):
        return NOTICE
    if _DIGEST.search(title) or max(Counter(_LINK_HEAD.findall(text)).values(), default=0) >= DIGEST_LINKS:
        return DIGEST
    if _PLAN.search(title) and not _TELLS.search(title) and len(_CLAUSE.findall(text)) >= PLAN_CLAUSES:
        return PLAN
    return PROFILE if _is_profile(title, text) else None


def _is_profile(title: str, text: str) -> bool:
    if _PROFILE.search(title) or _PROFILE_BOX.search(text):
        return True
    named = _NAMED.match(title)
    return named is not None and text.count(named[1]) >= PROFILE_MENTIONS
