"""Attributes that questions ask for by name: how each is asked, how an article states it, and what kind of value it has.

Facts about the two languages, not about any corpus. An attribute that is not listed is judged by the question's own words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.types import Lang

ValueKind = Literal[
    "money",
    "fee",
    "percent",
    "day",
    "count",
    "area",
    "length",
    "weight",
    "duration",
    "figure",
    "phone",
    "email",
    "site",
    "score",
    "place",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """`said` is what a statement of it has beside the value; `None` where the value itself is enough (a telephone number)."""

    name: Mapping[Lang, str]
    kind: ValueKind | None
    said: re.Pattern[str] | None


# Name, English name, kind, how it is asked, how it is said. A kind of `None` is read from the question.
_ROWS: tuple[tuple[str, str, ValueKind | None, str, str | None], ...] = (
    ("电话", "telephone number", "phone", r"电话|手机号|座机|打给谁|打哪|拨哪|联系方式|\bphone\b|landline|telephone", None),
    ("邮箱", "e-mail address", "email", r"邮箱|\be-?mail\b", None),
    ("网址或报名渠道", "website or way to register", "site", r"网址|网站|哪个(?:平台|系统)|在?哪儿?(?:里)?[^，。？]{0,3}(?:报名|申报|申请)|怎么报(?:名|[？?，])|如何报名|\bwebsite\b|\burl\b|register online",
     r"报名|申报|登[录陆]|注册|扫|访问|网上|网址|http|www|register"),
    ("比分", "score", "score", r"几比几|比分|final score", r"比分|[胜负赢输]|击败|平局|score|beat|defeat"),
    ("利润", "profit", "money", r"利润|净利|盈利|亏损|赚了?多少|\bprofits?\b|\bnet loss|\bearnings\b", r"利润|净利|盈利|亏损|归母|profit|\bloss|earning"),
    ("营业收入", "revenue", "money", r"营收(?!学)|营业收入|年收入|销售额|销售收入|\brevenue|\bturnover", r"营收|营业收入|收入|销售|营业额|revenue|\bsales|turnover"),
    ("融资或估值", "funding or valuation", "money", r"融资|融了?多少|估值|募资|\bfunding\b|\bvaluation|\braised?\b", r"融资|估值|募|投融|获投|融了|funding|valuation|raise"),
    ("奖金", "prize money", "money", r"奖金|prize money", r"奖金|奖励|prize"),
    ("投资额", "investment", "money", r"总投资|投资额?(?:是|有|为|大概|约)*(?:多少|多大|几)|多少[^，。？]{0,2}投资|要?投(?:了|入)?多少|投资额|造价|耗资|[要得]花多少|花了?多少|砸了?多少|\binvest(?:ed|ment)?\b",
     r"投资|总投|投入|造价|耗资|斥资|invest"),
    ("支持金额", "amount of support", "money", r"补贴|补助|[补奖]多少|再[补奖]|补偿|资助|扶持|奖励|支持(?:多少[^个家项]|额度|比例|上限)|能?给多少[钱元万亿]|奖补|顶格|\bsubsid|\bgrant\b|how much support",
     r"补贴|补助|补偿|资助|扶持|奖励|支持|奖补|不超过|最高|上限|subsid|grant|support"),
    ("费用", "fee", "fee", r"[学会参计]费|费用|收费|收钱|要钱|交钱|门票|买票|票价|\bfees?\b|\bcharges?\b|\bticket", r"费|收取|票|\bfee|charge|ticket|price"),
    ("消费价格", "consumer prices", "percent", r"消费价格|消费物价|\bCPI\b|consumer price|inflation", r"消费价格|CPI|物价|consumer price"),
    ("价格", "price", "money", r"售价|价格(?:是|有)?多|单价|定价|多少(?:钱|元)|几块|起步价|\bprice|\bfare\b|how much (?:does|is|do)\b", r"价|售|票|每[架台辆套人位张件次]|人均|金额|花费|费用|单程|收费|一[位张台架]|fare|price|cost|amount|per "),
    ("员工人数", "number of employees", "count", r"(?:多少|几)[个名位]?(?:员工|职工|雇员|人员)|(?:员工|职工)(?:数|人数|总数|有多少)|招了?多少人|\bemployees\b|headcount|workforce|how many (?:people|staff)",
     r"员工|职工|雇员|招聘|在职|employees|staff|workforce"),
    ("出生年份或年龄", "year of birth or age", "figure", r"出生|生于|哪年生|年纪|年龄|几岁|高寿|\bborn\b|how old\b", r"出生|生于|岁|年生|\bborn\b|\baged?\b"),
    ("面积", "area", "area", r"面积|占地|多少(?:平方|亩|公顷)|\bfloor area|\bsquare met", r"平方|公顷|亩|面积|㎡|square|hectare"),
    ("参展企业数", "number of exhibitors", "count", r"(?:多少|几)家?[^，。？]{0,4}参展|参展商数?|how many exhibitors", r"参展|展商|exhibitor"),
    ("失业率", "unemployment rate", "percent", r"失业率|unemployment", r"失业|unemploy"),
    ("社会消费品零售总额", "retail sales of consumer goods", "figure", r"社零|社会消费品零售|retail sales", r"社零|消费品零售|零售总额|retail"),
    ("生产总值", "gross product", None, r"GDP|生产总值|经济总量|gross (?:domestic |regional )?product", r"GDP|生产总值|经济总量|gross"),
    ("进出口总值", "total trade", "figure", r"进出口总|外贸总|外贸进出口|total (?:foreign )?trade", r"进出口|外贸|trade"),
    ("出口额", "exports", "figure", r"出口(?:额|总值|少了|多了|增|降)|\bexports\b", r"出口|export"),
    ("销量", "sales", "count", r"卖了|卖出|销量|销售了|\bsold\b", r"卖|销|售|sold|sales"),
    ("交付量", "deliveries", None, r"交付|\bdeliver", r"交付|交货|deliver"),
    ("首飞时间", "first flight", "day", r"(?:何时|什么时[候间]|哪[一]?[年天月]|啥时候|几[月号])[^，。？]{0,6}首飞|首飞(?:时间|日期|是哪)|\bwhen\b[^?]*first[^?]*flight", r"首飞|首次飞行|first flight"),
    ("公布时间", "date of announcement", "day", r"(?:哪天|何时|什么时候|几[号月]|啥时候)[^，。？]{0,4}(?:公布|公示|揭晓|出结果)|(?:公布|公示|揭晓)(?:时间|日期)", r"公布|公示|揭晓|announce"),
    ("市值或股价", "market value", "money", r"市值|股价|market (?:value|cap)|share price", r"市值|股价|收盘|market (?:value|cap)|share price"),
    ("注册资本", "registered capital", "money", r"注册资[本金]|registered capital", r"注册资|registered capital"),
    ("持股比例", "shareholding", "percent", r"持股|股权比例|控股比例|\bstake\b|shareholding", r"持股|股权|控股|stake|share"),
    ("收购价", "purchase price", "money", r"收购(?:价|花|金额)|并购金额|acquisition price", r"收购|并购|acqui"),
    ("工资待遇", "pay", "money", r"工资|薪[资酬水金]|年薪|月薪|待遇|收入多少钱|\bsalar|\bwages?\b", r"工资|薪|待遇|月入|salar|wage"),
    ("租金", "rent", "money", r"租金|房租|\brent\b", r"租|rent"),
    ("保证金", "deposit", "money", r"保证金|押金|deposit", r"保证金|押金|deposit"),
    ("贷款额度或利率", "loan or rate", None, r"贷款|利率|授信|\bloans?\b|interest rate", r"贷|利率|授信|loan|interest"),
    ("罚款", "fine", "money", r"罚[款金了]|处罚[^，。？]{0,4}多少|\bfined?\b|\bpenalt", r"罚|处罚|fine|penalt"),
    ("财政收入", "fiscal revenue", "figure", r"财政收入|预算收入|税收|fiscal revenue|tax revenue", r"财政|预算|税|fiscal|tax"),
    ("居民收入", "household income", "money", r"可支配收入|人均收入|disposable income", r"可支配|人均收入|income"),
    ("房价", "house prices", "figure", r"房价|住宅价格|house prices", r"房价|住宅|均价|house price"),
    ("人口", "population", "figure", r"人口|\bpopulation", r"人口|population"),
    ("用户数", "number of users", "figure", r"用户(?:数|量|有多少|多少)|多少用户|日活|月活|下载量|粉丝|\busers\b|downloads|followers", r"用户|日活|月活|下载|粉丝|users|download|follow"),
    ("观众或客流人数", "attendance", "figure", r"观众(?:人数|有多少|多少)|多少(?:名|位|人次)?(?:观众|游客|参观)|客流|参观人[数次]|人流|\battendance|visitors", r"观众|游客|客流|参观|人次|观展|attend|visitor"),
    ("票房", "box office", "money", r"票房|box office", r"票房|box office"),
    ("市场份额", "market share", "percent", r"市场份额|市占率|市场占有率|market share", r"市场份额|市占|占有率|份额|market share"),
    ("通过率", "success rate", "percent", r"通过率|录取率|中签率|中标率|合格率|成功率|success rate|pass rate|acceptance rate", r"通过率|录取率|中签|中标|合格率|成功率|success|pass rate|accept"),
    ("伤亡人数", "casualties", "figure", r"伤亡|死亡|受伤|遇难|casualt|killed|injured", r"伤|亡|遇难|casualt|killed|injured"),
    ("参数规模", "number of parameters", "figure", r"参数[量规]|多少(?:亿)?参数|\bparameters\b", r"参数|parameter"),
    ("重量", "weight", "weight", r"多重|重量|自重|\bweigh", r"重|吨|公斤|千克|weigh|kg"),
    ("开放时间", "opening hours", None, r"开放时间|营业时间|几点(?:开门|关门|开放)|opening hours", r"开放|营业|开门|时间|\d[:：]\d|open"),
    ("名额", "number of places", "figure", r"名额|招[收募](?:多少|几)|限(?:额|多少)|how many places|quota", r"名额|招|限|不超过|quota|places"),
    ("上市时间", "listing date", "day", r"(?:何时|什么时候|哪[年天月]|几月|啥时候)[^，。？]{0,6}上市|上市(?:时间|日期)|\bIPO\b|go public", r"上市|IPO|挂牌|public"),
    ("竣工或投产时间", "completion date", None, r"竣工|完工|建成|投产|投运|通车|completed|start (?:up|production)|go into operation", r"竣工|完工|建成|投产|投运|投用|通车|运行|启用|complete|operation|production"),
    ("开工时间", "start of construction", "day", r"(?:何时|什么时候|哪[年天月]|几[月号]|啥时候)[^，。？]{0,6}(?:开工|动工|开挖|开建)|building start|start(?:ed)? construction|break ground", r"开工|动工|开挖|启动|奠基|开建|construction|ground"),
    ("开班时间", "start of the course", "day", r"(?:何时|什么时候|哪天|几[月号]|啥时候)[^，。？]{0,4}(?:开班|开课|开学)", r"开班|开课|开学|举办|举行"),
    ("成立时间", "date of foundation", "day", r"(?:何时|什么时候|哪[年天月]|啥时候)[^，。？]{0,4}(?:成立|创立|创办|注册)|when (?:was|were|did)[^?]*(?:founded|established|registered)", r"成立|创立|创办|注册|设立|建立|found|establish|regist"),
    ("认证时间", "date of certification", None, r"(?:型号|适航|合格)证|取证|certificat", r"合格证|适航|取证|获颁|认证|certificat"),
    ("截止时间", "deadline", "day", r"截止|最晚|最迟|期限|来得及|几[点号]关门|还(?:能|来得及)(?!再)[^，。？]{0,10}[报申][^，。？]{0,3}[吗么不嘛]|\bdeadline\b|until when|still (?:time|file)|too late",
     r"截止|截至|前|受理|逾期|过时|时间|\d\s?[-—~至]|until|deadline|close"),
    ("地点", "place", "place", r"在哪(?!.{0,4}[报申])|哪里|哪儿|地点|地址|会场|哪个[^，。？]{0,5}(?:基地|机场|酒店|场馆|地方)|\bvenue|\bwhere\b|\baddress\b", r"举[办行]|召开|位于|设[在于]|坐落|地[址点]|开幕|落户|落成|建[在于成]|任职|就职|工作|毕业|首飞|试飞|\bheld\b|located|based|\bworks?\b"),
)  # fmt: skip

_KINDS: tuple[tuple[ValueKind, str], ...] = (
    ("percent", r"百分之|百分比|增速|增长率|增幅|涨幅|占比|比重|比例|几成|(?:增长|同比|上涨|下降|下滑|提[高升]|回升)了?(?:多少(?!\\w)|几个?点)|[^频效概功]率(?:是|有|为|达)?多少|\bpercent|what share|\bgrowth rate"),
    ("day", r"(?<!哪)哪[一]?[天年月日]|(?<!哪)几[号月点]|什么时[候间]|啥时候|何时|日期|\bwhen\b|what (?:date|year|time)"),
    ("duration", r"多长时间|多久|几(?:天|年|个?月|小时|分钟|秒)(?!前|后|底|份)|\bhow long (?:does|did|do|will|before|until|after)|how many (?:days|hours|minutes|years|months)"),
    ("length", r"多[长远高]|多少(?:公里|千米|米)|几(?:公里|千米|米)|\bhow (?:long is|far|tall|high)"),
    ("weight", r"多重|多少(?:吨|公?斤|千克)|\bhow heavy"),
    ("figure", r"多少|还是\s?\d|(?<!哪)几[个家项名位款架台场支条种类届批艘所座组级期岁次秒分小天年成]|多[大高长重远快久]|\bhow (?:many|much|long|big|large|far|short|high|tall|fast)"),
    # A question that is only the name of a figure.
    ("figure", r"(?:GDP|总[值量额数]|产值|数量|人数|金额|收入|利润|销量|产量|目标值?)[？?\s]*$"),
)  # fmt: skip


@cache
def _asked(at: int) -> re.Pattern[str]:
    return re.compile(_ROWS[at][3], re.IGNORECASE)


@cache
def _attribute(at: int) -> Attribute:
    """Return one attribute; its words are compiled where a question asks for it, since most are never asked for."""
    name, english, kind, _, said = _ROWS[at]
    return Attribute(
        name={"zh": name, "en": english},
        kind=kind,
        said=None if said is None else re.compile(said, re.IGNORECASE),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What one part of a question asks for; `words` are those that ask for it, `attribute` is `None` where none is listed."""

    kind: ValueKind
    attribute: Attribute | None
    words: str


def sought_in(part: str) -> Sought | None:
    """Return what a question's part (levelled text) asks for, `None` where it asks for no value of a known kind."""
    plain = _plain_kind(part)
    # The more particular attributes stand before the more general.
    for at, row in enumerate(_ROWS):
        kind = row[2] or plain
        found = None if kind is None or not _fits(kind, plain) else _asked(at).search(part)
        if kind is not None and found is not None:
            return Sought(kind=kind, attribute=_attribute(at), words=found[0])
    return None if plain is None else Sought(kind=plain, attribute=None, words="")


def _fits(kind: ValueKind, plain: ValueKind | None) -> bool:
    """Tell whether an attribute's kind can be meant by the question word: no amount is asked for by 什么时候."""
    if plain == "day":
        return kind in ("day", "figure", "site", "place")
    return plain is None or kind != "day"


def _plain_kind(part: str) -> ValueKind | None:
    return next((kind for kind, pattern in _kinds() if pattern.search(part)), None)


@cache
def _kinds() -> tuple[tuple[ValueKind, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)
