"""Numbered clauses and steps of rules, plans and notices, and the line of a notice that says until when."""

from __future__ import annotations

import re

_HAN = "一二三四五六七八九十百零〇"
_MARK = re.compile(
    rf"(?m)^[ \t]*(?:第[{_HAN}\d]{{1,4}}[条款步]|步骤[{_HAN}\d]{{1,2}}|[{_HAN}]{{1,3}}、|[（(][{_HAN}\d]{{1,3}}[)）]"
    r"|\d{1,2}[.．、](?!\d)|[①-⑳]|(?:Article|Section|Step) \d{1,3}\b)"
)
_UNTIL = re.compile(
    r"截止|截至|受理时间|申报时间|报名时间|征集时间|公示(?:期|时间)|逾期|之前|前(?:提交|报送|完成|登录|将)|[Dd]eadline|no later than"
)
_DAY = re.compile(
    r"\d{1,2}月\d{1,2}日|\d{4}-\d{1,2}-\d{1,2}|(?:January|February|March|April|May|June|July|August|September|October|November|December) \d"
)
# A line that only announces the days goes with the next.
_SENTENCE = re.compile(r"(?:[^。；\n]{0,24}(?:时间|期限|日期)[：:]?\n)?[^。；\n]+")
# A deadline is repeated in every header, so it must be short.
LONGEST_DEADLINE = 60


def clause_starts(text: str) -> frozenset[int]:
    """Return where lines begin that open with the number of a clause or step."""
    return frozenset(found.end() - len(found[0].lstrip()) for found in _MARK.finditer(text))


def deadline_of(text: str) -> str | None:
    """Return the first sentence that sets a last day, cut to its length limit; `None` where none does."""
    for found in _SENTENCE.finditer(text):
        sentence = " ".join(found[0].split("\n")).strip()
        if _UNTIL.search(sentence) and _DAY.search(sentence):
            return _MARK.sub("", sentence).strip()[:LONGEST_DEADLINE]
    return None
