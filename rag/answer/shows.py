"""Kinds of thing that a question may ask for by its words, the signs of each in a sentence, and a sentence's form."""

from __future__ import annotations

import re

SHORT, LONG = 12, 120

_ANNOUNCES = re.compile(r"(?:如下|以下)[^。]{0,6}[:：]?\s*$|^(?:各|有关|相关)[^。，]{0,30}[:：]")
_BACK = re.compile(r"^(?:其|该|这|此|他|她|它|同时|此外|另外|并|It |They |This |These |He |She )")
_ENDS = re.compile(r"[。！？；.!?;：:”’」）)]\s*$")
_WHO = re.compile(r"谁|哪[些位]?(?:人|家|个(?:人|公司|机构|单位|部门|国家))|\bwho(?:m|se)?\b", re.IGNORECASE)
_PERSON = re.compile(
    r"先生|女士|主任|书记|市长|部长|局长|董事长|经理|总裁|院士|教授|主席|院长|会长|博士|导演|作家|公司|集团|研究院|委员会|[一-鿿]{2,3}(?:说|表示|介绍)"
)
_WHERE = re.compile(r"哪里|哪儿|在哪|什么地方|哪(?:个|座)?(?:省|市|区|县|国|城市|地方)|\bwhere\b", re.IGNORECASE)
_PLACE = re.compile(
    r"位于|坐落|地处|在[^，。]{1,12}(?:省|市|区|县|镇|路|街|园|馆|中心|大厦)|[一-鿿]{1,6}(?:省|市|区|县|镇|岛)"
)
_WHAT = re.compile(r"什么|哪(?:个|部|本|首|种|项)|\bwhat\b|\bwhich\b", re.IGNORECASE)
_NAME = re.compile(r"[《“「][^》”」]{1,30}[》”」]|[A-Z][a-z]+ [A-Z]")
_WHY = re.compile(r"为什么|为何|原因|\bwhy\b", re.IGNORECASE)
_BECAUSE = re.compile(r"因为|由于|因此|所以|为了|原因|导致|because|due to|so that", re.IGNORECASE)
_LIST = re.compile(r"哪些|哪几|有哪|分别|包括|\blist\b|which .{0,20}s\b", re.IGNORECASE)
_LISTED = re.compile(r"、[^、，。]{1,24}(?:、|和|及|等)|一是|；|;")
_CONTACT = re.compile(
    r"电话|手机|座机|打给|拨|联系|咨询|邮箱|热线|找谁|\b(?:phone|call|contact|e-?mail|landline|telephone)\b",
    re.IGNORECASE,
)
_REACHED = re.compile(r"(?<!\d)(?:1\d{10}|(?:0\d{2,3}-?)?\d{7,8})(?!\d)|[\w.]+@[\w.]+")
_LINK = re.compile(
    r"网址|网站|链接|登录|登陆|网上|线上|在线|\b(?:website|url|link|online|web page|site)\b", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://|www\.|\b[\w-]+\.(?:com|cn|org|net)\b", re.IGNORECASE)
_MONEY = re.compile(
    r"钱|元|补贴|资助|奖励|扶持|金额|费用|费|价|\b(?:money|cost|price|fee|fund|funding|support|subsid\w+|grant)\b",
    re.IGNORECASE,
)
_SUM = re.compile(r"\d[\d,.]*\s*[多余]?[百千万亿]*[美港欧日]?元|免费|不收取|yuan|dollars?", re.IGNORECASE)
_CLOCK = re.compile(
    r"几[号点]|哪天|截止|截至|最晚|最迟|期限|何时|什么时[候间]|来得及|还能|\b(?:when|deadline|until|latest|close[sd]?)\b",
    re.IGNORECASE,
)
_HOUR = re.compile(r"\d{1,2}\s*[日号]|\d{1,2}[:：]\d{2}")
_ALLOWED = re.compile(
    r"能不能|能否|可以|可否|能[报申参再用够]|还能|要不要|够不够|算不算|是否|行不行|[吗么不][？?]?$|^(?:can|may|do|does|is|are|must|should)\b",
    re.IGNORECASE,
)
_RULES = re.compile(
    r"不得|不能|不予|不再|须|必须|应当?|可以?|原则上|不超过|不低于|不少于|无需|免费|仅限|\b(?:must|shall|may not|only|free)\b",
    re.IGNORECASE,
)
# What is asked for, and what then stands in an answer; in the order of the features.
_PAIRS = (
    (_WHO, _PERSON),
    (_WHERE, _PLACE),
    (_WHAT, _NAME),
    (_WHY, _BECAUSE),
    (_LIST, _LISTED),
    (_CONTACT, _REACHED),
    (_LINK, _ADDRESS),
    (_MONEY, _SUM),
    (_CLOCK, _HOUR),
    (_ALLOWED, _RULES),
)


def wanted_in(question: str) -> tuple[bool, ...]:
    """Return for each kind whether a question asks for it."""
    return tuple(asks.search(question) is not None for asks, _ in _PAIRS)


def shown_in(sentence: str) -> tuple[bool, ...]:
    """Return for each kind whether a sign of it stands in a sentence."""
    return tuple(shows.search(sentence) is not None for _, shows in _PAIRS)


def form_of(sentence: str) -> tuple[float, float, float, float]:
    """Return whether a sentence announces something, whether it is short, its length, and whether it points back."""
    return (
        float(_ANNOUNCES.search(sentence) is not None),
        float(len(sentence) < SHORT),
        min(len(sentence) / LONG, 2.0),
        float(_BACK.search(sentence) is not None),
    )


def ends_open(sentence: str) -> bool:
    """Tell whether a sentence lacks a mark at its end, as titles do."""
    return _ENDS.search(sentence) is None
