"""The lines by which the press opens and closes a story: bylines, datelines, sign-offs, in simplified and traditional script."""

from __future__ import annotations

import re

_MARK = r"[■◆●□◇○◎☉▪•]?\s*"
_NAME = r"[一-鿿·]{2,4}"
_NAMES = rf"{_NAME}(?:[\s、,，/]+{_NAME})*"
_PAPER = r"(?:本报|本報|本刊|本网|本台|[一-鿿]{2,6}(?:日报|晚报|时报|商报|网|社|台))"
_ROLE = r"(?:首席|特派|特约|特約|见习|見習|实习|實習|驻[一-鿿]{2,4})?(?:记者|記者|评论员|評論員|通讯员|通訊員|撰稿人|实习生)"
_CREDIT = rf"{_PAPER}?{_ROLE}(?:[\s/、:：|｜]+{_NAMES})?"
_BYLINE = re.compile(
    rf"^(?:{_MARK}(?:(?:图?文|撰文|文字)\s*[/:：|｜丨]\s*)?{_CREDIT}(?:\s+{_CREDIT})*(?:\s*(?:报道|文|摄影报道|文/图|综合报道))?"
    rf"|[■◆□◇○◎☉]\s*{_NAMES}"
    rf"|(?:文|撰文|作者|Author)\s*[/:：|｜丨]\s*{_NAMES}"
    r"|By\s+[A-Z][\w.'’-]*(?:\s+[A-Z][\w.'’-]*){0,3}(?:(?:,|\s+and|\s+&)\s+[A-Z][\w.'’-]*(?:\s+[A-Z][\w.'’-]*){0,3})*"
    r"(?:,?\s+(?:Staff|Correspondent|Reporter)(?:\s\w+)?)?)$"
)
_DAY = r"\d{1,2}月\d{1,2}日"
_AGENCY = r"(?:[一-鿿]{2,6}(?:社|报|網|网|台|通讯社)|《[^》]{2,12}》)"
_SIGN_OFF = re.compile(
    rf"^[■◆●]?\s*[(（\[【]?\s*(?:据|據|综合|原载)?\s*{_AGENCY}[一-鿿]{{0,8}}(?:{_DAY})?(?:电|讯|電|訊|报道|消息)[)）\]】]?$"
    rf"|^[(（]\s*(?:完|全文完|本版完|END)\s*[)）]$"
    rf"|^[(（]\s*{_CREDIT}(?:\s+{_CREDIT})*(?:\s*(?:报道|整理|综合报道|文/图))?\s*[)）]$"
    r"|^[(（]\s*(?:作者|本文作者|执笔)(?:系|为|是|[:：]).{2,40}[)）]$"
    r"|^[一-鿿]{0,10}(?:读者|居民|市民|网友|家长)\s+[一-鿿]{1,4}(?:先生|女士|同学)?$"
    r"|^\((?:Reporting|Editing) by .{2,60}\)$"
)
_DATELINE = re.compile(
    r"^[(（【\[]?\s*本[报報刊网台](?:讯|訊|综合消息|消息)\s*[)）】\]]?"
    rf"|^[(（【\[]?[一-鿿]{{2,6}}(?:社|报|网|通讯社)[一-鿿/]{{1,8}}{_DAY}(?:电|讯|電|訊)"
    rf"|^据(?:{_AGENCY}|[一-鿿]{{2,8}}(?:客户端|新闻|电视台))[一-鿿]{{0,8}}(?:{_DAY})?(?:电|讯|报道|消息)[\s：:]"
    r"|^[A-Z][A-Z .'-]{2,24}(?:,\s[A-Z][a-z]+\.?\s\d{1,2})?\s(?:\([A-Z][\w ]{1,20}\)\s)?(?:—|–|--)\s"
)
# A letter to the editor, a correction, an announcement of the paper itself.
_ADDRESS = re.compile(
    r"^(?:编辑(?:同志|部|先生|老师)|编者|Dear (?:Sir|Editor))[^。]{0,8}[:：]"
    r"|^本[报刊](?:昨[天日]|今[天日]|日前|上[周期]|\d{1,2}月\d{1,2}日)[^。，]{0,12}版"
)


def is_byline(text: str) -> bool:
    """Tell whether the line names who wrote the story, and does nothing else."""
    return len(text) <= 80 and _BYLINE.match(text) is not None


def is_sign_off(text: str) -> bool:
    """Tell whether the line closes a story: its agency and day, its reporter in brackets, or the word for an end."""
    return len(text) <= 60 and _SIGN_OFF.match(text) is not None


def is_opening(text: str) -> bool:
    """Tell whether a paragraph opens with a dateline, or with words that only open a letter or a correction."""
    return _DATELINE.match(text) is not None or _ADDRESS.match(text) is not None
