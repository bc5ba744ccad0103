"""Finds names by how they are written: titles, quoted terms, people with a post, places, Latin names; keeps no dictionary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.types import Span

NameKind = Literal["title", "quoted", "person", "organisation", "place", "latin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name as it is written; the span of a title or quoted term leaves the marks out."""

    span: Span
    kind: NameKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A short name that the text itself gives for a full one."""

    full: Span
    short: Span


_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗"
    "毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄江童颜郭梅盛林钟徐"
    "邱骆高夏蔡田樊胡凌霍虞万柯卢莫房裘缪解应宗丁宣邓单杭洪包诸左石崔吉龚程邢裴陆荣翁荀甄曲封储靳井段富巫乌焦巴谷车侯全班仰秋仲伊宫宁仇栾甘厉祖武符刘"
    "景詹束龙叶黎白蒲卓池乔闻党翟谭劳申冉桑桂牛边燕冀尚农温庄柴瞿阎连习艾鱼古易廖步都耿满弘匡国文广东欧利师巩聂关游"
)
_POST = (
    "(?:主任|书记|市长|省长|区长|县长|局长|处长|科长|部长|司长|董事长|总经理|总裁|院士|教授|主席|会长|秘书长|研究员|工程师|创始人|首席执行官|CEO|总监|"
    "记者|院长|校长|所长|馆长|代表|委员|负责人|主编|理事长|行长|博士|主管|厂长|设计师|总工)"
)
_PERSON = re.compile(
    rf"{_POST}[、，\s]?(?P<name>[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?)(?=[，、。：；（）()“”\s]|说|表示|介绍|指出|认为|告诉|一行|出席|强调|带队|率|参加|主持|等|在|为|与|和|透露|坦言|感慨|解释|致辞|$)"
)
_TITLE = re.compile("《([^《》\n]{1,120})》")
_QUOTED = re.compile("“([^“”\n。！？]{2,24})”")
_LATIN = re.compile(r"(?<![A-Za-z])[A-Z][\w&’'-]*(?:[ .][A-Z0-9][\w.’'-]*)*", re.ASCII)
_ORGANISATION = re.compile(
    "(?:[\u4e00-\u9fff]|[A-Za-z0-9]){2,24}?(?:有限责任公司|股份有限公司|有限公司|集团公司|集团|委员会|研究院|研究所|大学|学院|管理局|协会|学会|联合会|中心|银行|医院|公司)"
)
_PLACE = re.compile(
    "(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)(?:省|市|自治区)?"
    "|(?:浦东|临港|雄安)新(?:区|片区)|(?:黄浦|徐汇|长宁|静安|普陀|虹口|杨浦|闵行|宝山|嘉定|金山|松江|青浦|奉贤|崇明)区?|长三角|粤港澳大湾区|京津冀"
)
_CALLED = "(?:以下(?:统)?简称|下称|简称|又称|英文(?:名|简称))"
_ALIAS = re.compile(
    rf"[（(](?:{_CALLED}[:：为]?\s?)(?P<marks>[“《\"]?)(?P<short>[^（）()“”《》\"\n]{{1,30}})[”》\"]?[）)]"
)
_BRACKET = re.compile(r"[（(](?P<short>[A-Z][A-Za-z0-9&-]{1,11}|[\u4e00-\u9fff]{2,6}(?:集团|公司|委|院|所|局))[）)]")
_HEREINAFTER = re.compile(
    r"\((?:hereinafter|hereafter)(?: referred to as)? [“\"](?P<short>[^”\"\n]{1,40})[”\"]\)", re.IGNORECASE
)
_LEFT_ZH = re.compile("(?:《[^《》\n]{1,120}》|(?:[\u4e00-\u9fff·]|[A-Za-z0-9]){2,40})$")
_LEFT_EN = re.compile(r"(?:[A-Z][\w’'-]*)(?:\s(?:of|for|and|the|on|[A-Z][\w’'-]*)){1,10}\s?$")
_LEAD = re.compile(
    "^.*(?:根据|按照|依据|由|和(?!平|信息)|与|对|向|关于|为|是|在|将|把|被|及|从|经(?!济|信|营)|入选|发布|出席|成立)(?=[\u4e00-\u9fffA-Za-z]{4})"
)
WINDOW = 130


def names_in(text: str) -> list[Name]:
    """Return the names of `text` by start; a name may lie inside another, as a place does in an organisation's."""
    found = [Name(span=Span(*match.span(1)), kind="title") for match in _TITLE.finditer(text)]
    found += [Name(span=Span(*match.span(1)), kind="quoted") for match in _QUOTED.finditer(text)]
    found += [Name(span=Span(*match.span("name")), kind="person") for match in _PERSON.finditer(text)]
    found += [Name(span=_led(match), kind="organisation") for match in _ORGANISATION.finditer(text)]
    found += [Name(span=Span(*match.span()), kind="place") for match in _PLACE.finditer(text)]
    found += [Name(span=Span(*match.span()), kind="latin") for match in _LATIN.finditer(text)]
    return sorted(found, key=lambda name: (name.span, name.kind))


def aliases_in(text: str) -> list[Alias]:
    """Return the pairs of full and short name that the text states: （以下简称“…”）, (hereinafter "…"), a name in brackets."""
    found = []
    for pattern in (_ALIAS, _HEREINAFTER, _BRACKET):
        for match in pattern.finditer(text):
            full = _before(text, match.start())
            if full is not None and full.end - full.start > len(match["short"]):
                found.append(Alias(full=full, short=Span(*match.span("short"))))
    return sorted(found, key=lambda alias: alias.short)


def _before(text: str, end: int) -> Span | None:
    """Return the name that ends at `end`."""
    head = text[max(0, end - WINDOW) : end]
    found = _LEFT_EN.search(head) or _LEFT_ZH.search(head)
    if found is None:
        return None
    start, stop = end - len(head) + found.start(), end - (len(found[0]) - len(found[0].rstrip()))
    if found[0].startswith("《"):
        return Span(start + 1, stop - 1)
    lead = _LEAD.match(found[0]) if not found[0][0].isascii() else None
    return Span(start + (lead.end() if lead else 0), stop)


def _led(match: re.Match[str]) -> Span:
    lead = _LEAD.match(match[0])
    return Span(match.start() + (lead.end() if lead else 0), match.end())
