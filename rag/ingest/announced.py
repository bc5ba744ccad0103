"""What an article announces and does not hold: lists that never come, attachments, pictures in place of text."""

from __future__ import annotations

import re

# An item of a list is no longer than this, unless it carries a number.
LONGEST_ITEM = 60

_ATTACHMENT = re.compile(
    r"(?m)^\s*(?:(?:附件|Attachment)\s*\d{0,2}\s*[：:.、．]?|附\s*[：:]).{0,80}?$|\.(?:pdf|docx?|xlsx?|pptx?|wps|et|zip|rar|ofd)\s*$",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"(?:详见|见|如|扫描|识别|请看|下拉)下[图表]|长图|一图(?:读懂|看懂|速览|了解)|图解|海报")
_LIST_HEAD = re.compile(
    r"(?:名单|目录|清单|列表|一览表?|结果|项目|企业|产品|信息|安排|日程|得主|获奖者)[^。，；：:]{0,12}(?:如下|见下|附后|公布如下)[：:。]?$"
)
_PUBLISHES = re.compile(
    r"现将[^。]{0,20}(?:信息|名单|情况|结果|目录|清单)(?:予以)?(?:公告|公示|公布|通报)(?:如下)?[。：:]"
)
_ITEM = re.compile(
    r"^\s*(?:[（(]?\d{1,3}[)）.、．]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|[•·●■◆▪\-—①-⑳])"
)
_SENTENCE_END = ("。", "！", "？", ".", "!", "?")


def is_list_missing(text: str) -> bool:
    """Tell whether a list, an attachment or a picture is announced whose content the text does not hold."""
    if _ATTACHMENT.search(text) or _PICTURE.search(text):
        return True
    lines = [line for line in text.split("\n") if line.strip()]
    return any(_announces(line, lines[at + 1] if at + 1 < len(lines) else None) for at, line in enumerate(lines))


def _announces(line: str, below: str | None) -> bool:
    """Tell whether the line announces a list and neither the rest of it nor the next line begins one."""
    if _LIST_HEAD.search(line):
        return below is None or not _is_item(below)
    found = _PUBLISHES.search(line)
    if found is None:
        return False
    rest = line[found.end() :].strip() or below
    return rest is None or not _is_item(rest)


def _is_item(line: str) -> bool:
    return _ITEM.match(line) is not None or (len(line) <= LONGEST_ITEM and not line.endswith(_SENTENCE_END))
