"""The units and scales that figures are written in, each with its canonical name and factor; tables only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

FigureKind = Literal[
    "number", "count", "ordinal", "percent", "points", "times", "fraction", "money", "measure", "duration"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One way to write a unit: `factor` of the canonical unit `name`."""

    name: str
    kind: FigureKind
    factor: Decimal = Decimal(1)


SCALES = {
    "万亿": 12, "千亿": 11, "百亿": 10, "十亿": 9, "亿": 8, "千万": 7, "百万": 6, "十万": 5, "万": 4, "千": 3, "百": 2,
    "trillion": 12, "billion": 9, "million": 6, "thousand": 3, "hundred": 2, "tn": 12, "bn": 9, "mn": 6,
}  # fmt: skip

_MONEY = {
    "元": "元 元人民币 块钱 yuan renminbi rmb cny",
    "美元": "美元 美金 dollars dollar usd",
    "港元": "港元 港币 hkd",
    "欧元": "欧元 euros euro eur",
    "日元": "日元 yen jpy",
    "英镑": "英镑 pounds gbp",
    "新加坡元": "新加坡元 新元 sgd",
    "韩元": "韩元 won",
}
SIGNS = {"¥": "元", "￥": "元", "RMB": "元", "CNY": "元", "$": "美元", "US$": "美元", "USD": "美元", "HK$": "港元",
         "HKD": "港元", "€": "欧元", "EUR": "欧元", "£": "英镑", "GBP": "英镑", "S$": "新加坡元"}  # fmt: skip
# Canonical name, then each spelling with its factor.
_MEASURES = {
    "千瓦时": "千瓦时:1 度电:1 瓦时:0.001 兆瓦时:1000 吉瓦时:1000000 太瓦时:1000000000 Wh:0.001 kWh:1 MWh:1000 "
    "GWh:1000000 TWh:1000000000 kilowatt-hours:1 kilowatt-hour:1",
    "千瓦": "千瓦:1 瓦:0.001 兆瓦:1000 吉瓦:1000000 kW:1 MW:1000 GW:1000000 W:0.001 kilowatts:1 megawatts:1000 "
    "megawatt:1000 gigawatts:1000000 gigawatt:1000000",
    "千伏": "千伏:1 伏:0.001 kV:1 V:0.001 kilovolts:1 kilovolt:1",
    "千伏安": "千伏安:1 兆伏安:1000 kVA:1 MVA:1000",
    "安时": "安时:1 Ah:1 mAh:0.001",
    "平方米": "平方米:1 平米:1 平方公里:1000000 平方千米:1000000 公顷:10000 ㎡:1 m²:1 m2:1 km²:1000000 km2:1000000 "
    "hectares:10000 hectare:10000",
    "亩": "亩:1 mu:1",
    "立方米": "立方米:1 m³:1 m3:1 升:0.001 毫升:0.000001 litres:0.001 liters:0.001",
    "米": "米:1 公里:1000 千米:1000 厘米:0.01 毫米:0.001 微米:0.000001 纳米:0.000000001 海里:1852 m:1 km:1000 cm:0.01 "
    "mm:0.001 μm:0.000001 µm:0.000001 um:0.000001 nm:0.000000001 metres:1 meters:1 metre:1 meter:1 kilometres:1000 "
    "kilometers:1000 kilometre:1000 kilometer:1000 km:1000",
    "英里": "英里:1 miles:1 mile:1",
    "英寸": "英寸:1 inches:1 inch:1",
    "英尺": "英尺:1 feet:1 foot:1 ft:1",
    "千克": "千克:1 公斤:1 克:0.001 毫克:0.000001 吨:1000 kg:1 g:0.001 mg:0.000001 t:1000 tonnes:1000 tonne:1000 tons:1000 "
    "ton:1000 kilograms:1 kilogram:1 kilogrammes:1 grams:0.001",
    "载重吨": "载重吨:1 dwt:1 DWT:1",
    "总吨": "总吨:1",
    "标箱": "标箱:1 标准箱:1 TEU:1 TEUs:1",
    "桶": "桶:1 barrels:1 barrel:1",
    "字节": "字节:1 KB:1000 MB:1000000 GB:1000000000 TB:1000000000000 PB:1000000000000000",
    "FLOPS": "EFLOPS:1000000000000000000 PFLOPS:1000000000000000 TFLOPS:1000000000000",
    "赫兹": "赫兹:1 Hz:1 kHz:1000 MHz:1000000 GHz:1000000000",
    "℃": "℃:1 摄氏度:1 °C:1",
    "度": "度:1 °:1 degrees:1",
    "分贝": "分贝:1 dB:1",
    "帕": "帕:1 千帕:1000 兆帕:1000000 Pa:1 kPa:1000 MPa:1000000",
    "比特每秒": "Mbps:1000000 Gbps:1000000000 Kbps:1000",
    "Token": "Token:1 Tokens:1 token:1 tokens:1",
}
_DURATIONS = {
    "年": "年 周年 years year",
    "月": "个月 months month",
    "周": "周 个星期 星期 weeks week",
    "天": "天 个昼夜 days day",
    "工作日": "个工作日 工作日",
    "小时": "小时 个小时 hours hour h",
    "分钟": "分钟 minutes minute min",
    "秒": "秒 秒钟 seconds second s",
    "毫秒": "毫秒 ms milliseconds",
}
_COUNTS = (
    "家 个 名 人 项 款 批 条 件 辆 架 艘 座 所 只 台 套 位 次 届 户 岁 期 轮 处 类 种 份 篇 部 本 册 页 张 幅 幢 栋 间 层 楼 场 站 颗 枚 株 棵 "
    "头 匹 支 组 对 双 片 块 段 步 档 代 门 把 辆次 人次 车次 架次 班 列 瓶 包 袋 点 环 字 版 折 例 起 笔 宗 道 大 分 卷 章 节 款次 盏 面 顶 席 员 "
    "尊 口 根 桩 柜 股 单 集 局 公众号 级 等 路 线 号线 "
).split()
_NOUNS = {
    "家": "companies company enterprises enterprise firms firm banks hospitals businesses startups",
    "人": "people person employees workers residents participants students staff visitors",
    "项": "projects project policies measures items tasks",
    "款": "models model products product apps",
    "辆": "vehicles vehicle cars buses",
    "架": "aircraft planes drones",
    "艘": "ships ship vessels",
    "个": "countries cities provinces districts regions centres centers parks cases jobs points units",
}


def _table() -> dict[str, Unit]:
    units = {"%": Unit(name="%", kind="percent"), "‰": Unit(name="%", kind="percent", factor=Decimal("0.1"))}
    units |= {word: Unit(name="%", kind="percent") for word in ("percent", "per cent", "pct")}
    units |= {
        word: Unit(name="百分点", kind="points")
        for word in ("个百分点", "百分点", "percentage points", "percentage point", "pct points", "pp")
    }
    units |= {
        word: Unit(name="百分点", kind="points", factor=Decimal("0.01"))
        for word in ("个基点", "基点", "basis points", "bps")
    }
    units |= {word: Unit(name="倍", kind="times") for word in ("倍", "fold", "-fold", "times")}
    units["周岁"] = Unit(name="岁", kind="count")
    units["成"] = Unit(name="%", kind="percent", factor=Decimal(10))
    for name, words in _MONEY.items():
        units |= {word: Unit(name=name, kind="money") for word in words.split()}
    for name, words in _DURATIONS.items():
        units |= {word: Unit(name=name, kind="duration") for word in words.split()}
    for name, words in _MEASURES.items():
        for word, _, factor in (item.partition(":") for item in words.split()):
            units[word] = Unit(name=name, kind="measure", factor=Decimal(factor))
    units |= {
        "square metres": units["平方米"],
        "square meters": units["平方米"],
        "square kilometers": units["平方公里"],
    }
    units |= {"square kilometres": units["平方公里"], "cubic meters": units["立方米"], "cubic metres": units["立方米"]}
    units |= {"kilowatt hours": units["千瓦时"], "US dollars": units["美元"], "U.S. dollars": units["美元"]}
    units |= {"HK dollars": units["港元"], "Hong Kong dollars": units["港元"]}
    units |= {word: Unit(name=word, kind="count") for word in _COUNTS}
    for name, words in _NOUNS.items():
        units |= {word: Unit(name=name, kind="count") for word in words.split()}
    return units


UNITS = _table()
_FOLDED = {word.lower(): unit for word, unit in reversed(UNITS.items())}
_LATIN = sorted((word for word in UNITS if word[0].isascii() and word != "%"), key=len, reverse=True)
# Characters that begin a longer word when one of these follows: 户籍, 人工, 点击.
_NOT_UNIT = {"户": "籍型口外", "人": "工才机形民们大", "大": "力会规量部学幅型模赛", "个": "别性体", "位": "于置居", "点": "击评赞燃",
             "级": "别", "分": "别钟析布类支", "面": "积向", "部": "分门署", "条": "件例", "类": "似型", "家": "庭园长", "场": "景地所馆",
             "名": "单称义", "节": "能约目", "路": "径线", "集": "成团聚", "口": "岸", "章": "程", "根": "据", "起": "来草", "度": "假",
             "成": "立为果员功都", "门": "类店户", "层": "面次", "道": "路", "组": "织成", "代": "表理", "笔": "记", "对": "接应于"}  # fmt: skip
# Looked up by length: one pattern of all of them takes longer to compile than a command may take to start.
_OTHER = {word: unit for word, unit in UNITS.items() if word not in _LATIN}
_LONGEST = max(map(len, _OTHER))
_HEADS = frozenset(word[0] for word in _OTHER)
# Symbols keep their case (MW, mW); words may be written in either.
LATIN_UNIT = re.compile(rf"(?:{'|'.join(map(re.escape, _LATIN))})(?![A-Za-z0-9])")
_LATIN_WORD = re.compile(
    rf"(?:{'|'.join(re.escape(word.lower()) for word in _LATIN if len(word) > 3)})(?![A-Za-z0-9])", re.IGNORECASE
)


def unit_at(text: str, start: int) -> tuple[Unit, int] | None:
    """Return the unit whose spelling starts at `start`, the longest that fits, and where it ends."""
    head = text[start : start + 1]
    if head in _HEADS:
        return _other(text, start)
    if not (head.isascii() and (head.isalpha() or head == "-")):
        return None
    found = LATIN_UNIT.match(text, start) or _LATIN_WORD.match(text, start)
    if found is None:
        return None
    written = found[0]
    return (UNITS[written] if written in UNITS else _FOLDED[written.lower()]), found.end()


def _other(text: str, start: int) -> tuple[Unit, int] | None:
    for end in range(start + _LONGEST, start, -1):
        word = text[start:end]
        if len(word) == end - start and word in _OTHER and text[end : end + 1] not in tuple(_NOT_UNIT.get(word, "")):
            return _OTHER[word], end
    return None
