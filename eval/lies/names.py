"""Lies about who: another subject, and a source that nobody named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from eval.lies.claim import Change

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

PLACES = (
    tuple("北京 上海 深圳 广州 杭州 苏州 南京 武汉 成都 重庆 天津 西安 合肥 宁波 青岛 长沙".split()),
    tuple("江苏 浙江 安徽 广东 山东 福建 四川 湖北".split()),
    tuple(
        "浦东新区 徐汇区 闵行区 嘉定区 宝山区 青浦区 松江区 奉贤区 杨浦区 静安区 黄浦区 长宁区 普陀区 虹口区 金山区".split()
    ),
    tuple("浦东 徐汇 闵行 嘉定 宝山 青浦 松江 奉贤 杨浦 静安 临港 张江".split()),
    tuple("中国 美国 日本 德国 法国 英国 韩国 印度 俄罗斯 新加坡".split()),
    tuple("Beijing Shanghai Shenzhen Guangzhou Hangzhou Suzhou Nanjing Wuhan Chengdu Chongqing Tianjin".split()),
    ("China", "Japan", "Germany", "France", "Britain", "India", "Russia", "Singapore", "Brazil"),
    ("Jiangsu", "Zhejiang", "Anhui", "Guangdong", "Shandong", "Sichuan", "Hubei"),
    ("Pudong", "Xuhui", "Minhang", "Jiading", "Baoshan", "Qingpu", "Songjiang", "Fengxian", "Yangpu"),
)
TRADES = (
    tuple(
        "人工智能 集成电路 生物医药 新能源汽车 航空航天 新材料 高端装备 电子信息 汽车 钢铁 石化 船舶 纺织 时尚消费品".split()
    ),
    tuple("进口 出口 消费 投资".split()),
    ("artificial intelligence", "integrated circuits", "biomedicine", "new materials", "shipbuilding", "textiles"),
    ("imports", "exports", "consumption", "investment"),
)
SUFFIX = "公司|集团|大学|学院|研究院|研究所|医院|银行|协会|联盟|经信委|发改委|商务委|科委|园区|基金|区|街道"
BODY = re.compile(
    rf"(?:^|(?<=[，；：。、]))(?P<stem>[\u4e00-\u9fffA-Za-z]{{2,8}}?)(?P<suffix>{SUFFIX})(?![\u4e00-\u9fff]?[\d])"
)
LOOSE = re.compile(r"[的了在由和与及为是对将被把从向等各该本此以其]|[一二三四五六七八九十两]")
STEMS = tuple("北岭 松涛 长洲 海岳 望川 云台 青屿 临沧".split())
QUOTED = re.compile(r"“(?P<name>[^“”，。、；：！？]{2,8})”")
CALLED = ("启明航线", "远山计划", "银杏平台", "海螺空间", "北斗星工程", "晨光行动")
FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹苏潘范彭郎鲁韦马苗方任袁柳唐罗薛顾孟黄萧尹姚邵汪毛戴宋熊董梁杜阮林徐高夏蔡田胡霍卢莫龚程邢裴陆荣"
SAYS = "表示|介绍|认为|指出|强调|透露|告诉|说(?!明|法)"
PERSON = re.compile(rf"(?<=[\u4e00-\u9fff])(?P<name>[{FAMILY}][\u4e00-\u9fff]{{1,2}}?)(?={SAYS})")
PEOPLE = ("冯砚秋", "褚明远", "姜若溪", "邹季平")
NAMED = re.compile(
    r"(?P<stem>(?:[A-Z][\w&'’-]+ ){1,4})(?P<suffix>University|Institute|Corporation|Company|Group|Bank|Committee|Commission|"
    r"Bureau|Ministry|Center|Centre|District|Airport|Port|Association|Academy|Exchange|Expo)\b"
)
NO_NAMES = (
    "The It In A An This That They He She We But And As On At With For Between From By If When While Since After Before Although "
    "Each Every All Some Many Most More These Those There Here New Under Over To Of Existing Online Current Questions Only"
)
LEADS = re.compile(rf"^(?!(?:{NO_NAMES.replace(' ', '|')})\b)(?P<name>[A-Z]\w+(?: [A-Z]\w+)*)(?= [a-z])")
SPEAKER = re.compile(r"(?P<name>[A-Z][a-z]+ [A-Z][a-z]+)(?=,? (?:said|told|says|added|noted)\b)")
OTHERS = ("Northgate", "Larkfield", "Redcliff", "Silverbrook")
SOURCES = (
    "据路透社报道，",
    "据国家统计局数据，",
    "世界银行的报告显示，",
    "据财新报道，",
    "复旦大学课题组指出，",
    "国家发改委表示，",
    "麦肯锡的一份报告称，",
    "分析师林若川表示，",
)
SOURCES_EN = (
    "According to Reuters, ",
    "The World Bank says that ",
    "According to a McKinsey report, ",
    "The International Monetary Fund reported that ",
    "Analyst Daniel Marsh said that ",
    "Data from the National Bureau of Statistics show that ",
)
ATTRIBUTED = re.compile(
    r"^(?:据|根据)(?P<source>[^，。]{2,14}?)(?=(?:报道|介绍|数据|统计|消息|透露|公布|发布|显示)[^，。]{0,6}，)"
)
REPORTERS = ("路透社", "国家统计局", "世界银行", "中汽协", "彭博社")


def subjects(text: str, chance: random.Random) -> Iterator[Change]:
    """Yield changes of a name: of a place, a trade, a body, a person, a product."""
    for row in PLACES:
        for match in _listed(row, text):
            yield _other(match.span(), row, chance)
    for row in TRADES:
        for match in _listed(row, text):
            change, tail = _other(match.span(), [form for form in row if form != match[0]], chance), text[match.end() :]
            yield Change(start=change.start, end=change.end, now=change.now, proof=(change.now + tail[:4],))
    for pattern, stems in ((BODY, STEMS), (NAMED, [f"{stem} " for stem in OTHERS])):
        for match in pattern.finditer(text):
            if not LOOSE.search(match["stem"]):
                yield _other(match.span("stem"), stems, chance)
    for pattern, names in (
        (QUOTED, CALLED),
        (PERSON, PEOPLE),
        (SPEAKER, ("Daniel Marsh", "Wu Jinghua")),
        (LEADS, OTHERS),
    ):
        for match in pattern.finditer(text):
            yield _other(match.span("name"), names, chance)


def sources(text: str, chance: random.Random) -> Iterator[Change]:
    """Yield one change that lays the claim at the door of somebody whom the passage does not name."""
    named = ATTRIBUTED.match(text)
    if named is not None:
        yield _other(named.span("source"), REPORTERS, chance)
    is_chinese = re.search(r"[\u3400-\u9fff]", text) is not None
    rows = list(SOURCES if is_chinese else SOURCES_EN)
    chance.shuffle(rows)
    for row in rows:
        yield Change(start=0, end=0, now=row, proof=(_name(row),))


def _listed(row: tuple[str, ...], text: str) -> Iterator[re.Match[str]]:
    forms = "|".join(sorted(map(re.escape, row), key=lambda form: (-len(form), form)))
    yield from re.finditer(rf"\b(?:{forms})\b" if row[0].isascii() else rf"(?:{forms})", text)


def _other(span: tuple[int, int], forms: tuple[str, ...] | list[str], chance: random.Random) -> Change:
    now = chance.choice(list(forms))
    return Change(start=span[0], end=span[1], now=now, proof=(now.strip(),))


def _name(attribution: str) -> str:
    """Return the part of an attribution that names somebody."""
    named = re.search(
        r"路透社|国家统计局|世界银行|财新|复旦大学|国家发改委|麦肯锡|林若川"
        r"|Reuters|World Bank|McKinsey|Monetary Fund|Daniel Marsh|Bureau of Statistics",
        attribution,
    )
    return attribution if named is None else named[0]
