"""Lies that turn a claim round: a negation more or less, the other direction, another qualifier."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from eval.lies.claim import Change

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

# What stands beside a change and must not be stated with it.
BESIDE = 3
VERBS = "reach launch open sign announce complete approve establish attract develop release introduce pass earn exceed"
NEGATED = (
    (r"已经", "尚未"),
    (r"(?<![而早])已(?![经有知])", "未"),
    (r"(?<![但于只还就而可正都特别尤其总凡也不又])是(?![否因指从])", "不是"),
    (r"(?<![即])将(?=[在于会进继推新建设开举为加联打持以])", "不会"),
    (r"可以", "不可以"),
    (r"应当", "不应当"),
    (r"能够", "不能"),
    (r"需要(?!的)", "不需要"),
    (r"(?<![必无])须", "不必"),
    (r"(?<![没具拥所只还含享占持共设国])有(?=[\d一两三四五六七八九十])", "没有"),
    (r"实现(?=了|[\d])", "未能实现"),
    (r"(?<!的)(?:完成|达到|突破|获得|成为|入选|通过)(?![率会度性的者型])", "未能{0}"),
    (r"(?<!的)(?:举行|召开|启动|推出|发布|落户|开工|投产|上市|签约|印发)(?=[了，。]|于)", "没有{0}"),
    (r"不得", "可以"),
    (r"无需", "必须"),
    (r"没有", "已有"),
    (r"(?<!从)未(?=[能曾被])", "已"),
    (r"不(?=能|会|是|可|需|再)", ""),
    (r"\b(?:is|was|are|were|has|have|had|will|should|must|would|could|may)\b(?! not)(?! no)", "{0} not"),
    (r"\bcan\b", "cannot"),
    *((rf"\b{verb}e?d\b(?= )", f"did not {verb}") for verb in VERBS.split()),
    (r"\bgrew\b", "did not grow"),
    (r"\brose\b", "did not rise"),
    (r"\bmade\b", "did not make"),
    (r" not\b", ""),
    (r"\bcannot\b", "can"),
    (r"\bno longer\b", "still"),
    (r"\bnever\b", "always"),
)
OPPOSITES = (
    "增长/下降 上升/下降 提高/降低 增加/减少 扩大/缩小 高于/低于 加快/放缓 提升/下滑 上涨/下跌 回升/回落 优于/劣于 盈利/亏损 "
    "顺差/逆差 领先/落后 支持/反对 允许/禁止 开放/关闭 加强/削弱 缩短/延长 加大/减小 改善/恶化 收紧/放宽 买入/卖出 上调/下调 "
    "最高/最低 最大/最小 最多/最少 以上/以下 以内/以外 之前/之后 多于/少于 快于/慢于 好于/差于 超前/滞后 流入/流出 降低/提高 "
    "压缩/扩充 减少/增加 下降/上升 攀升/走低 翻番/减半 吸引/流失 成功/失败 首次/再次 鼓励/限制 新增/减少 升/降 "
    "突破/跌破 优先/暂缓 增强/减弱 集聚/疏散 拓展/收缩 引进/输出 激活/冻结 领跑/垫底 跃升/跌落 前列/末位 强于/弱于"
)
OPPOSITES_EN = (
    "rose/fell rise/fall increased/decreased increase/decrease grew/shrank growth/decline higher/lower up/down above/below "
    "more/less expanded/contracted gained/lost improved/worsened raised/cut largest/smallest highest/lowest before/after "
    "surplus/deficit profit/loss faster/slower exceeded/missed accelerated/slowed strengthened/weakened opened/closed "
    "increasing/decreasing growing/shrinking rising/falling best/worst most/least allow/forbid support/oppose"
)
QUALIFIED = (
    (r"至少", "至多"),
    (r"(?:至多|最多)(?=\d|[一两三四五])", "至少"),
    (r"不低于|不少于", "不超过"),
    (r"不超过|不高于", "不低于"),
    (r"(?<!不)(?:超过|超)(?=\d|[一两三四五六七八九十])", "不足"),
    (r"(?<![最附])近(?=\d|[一两三四五六七八九十百千万](?!年))", "超"),
    (r"逾(?=\d)", "不足"),
    (r"(?:约|约为|大约)(?=\d)", "超过"),
    (r"不足(?=\d)|不到(?=\d)", "超过"),
    (r"全部|所有", "少数"),
    (r"(?<![成大一])部分(?!别)", "全部"),
    (r"多数|大多", "全部"),
    (r"预计(?:将)?|有望|力争|拟(?=[在建设于对])", "已"),
    (r"计划(?=[在于建新投到])", "已"),
    (r"首批", "第二批"),
    (r"首个", "第二个"),
    (r"唯一", "之一"),
    (r"左右", "以上"),
    (r"(?<=\d)余(?=[家人个项万])", "以下"),
    (r"(?:仅|只有)(?=\d|[一两三四五])", "多达"),
    (r"每(?=年|月|天)", "隔"),
    (r"\bat least\b", "at most"),
    (r"\bat most\b", "at least"),
    (r"\b(?:more than|over|exceeding)(?= \d)", "less than"),
    (r"\b(?:less than|under|fewer than)(?= \d)", "more than"),
    (r"\b(?:nearly|almost)\b", "well over"),
    (r"\b(?:about|around|approximately|some)(?= \d)", "less than"),
    (r"\bup to(?= \d)", "at least"),
    (r"\ball (?=of|the|[a-z]+s\b)", "few "),
    (r"\bplans to\b", "has decided not to"),
    (r"\bexpected to\b", "certain never to"),
    (r"\bthe first\b", "the second"),
    (r"\bonly\b", "not only"),
)
EXACT = re.compile(
    r"(?<![\d.A-Za-z第近超逾约过达足到余破于高多\-/:])\d+(?:\.\d+)?(?=(?:万亿|[万亿])?(?:元|人|家|吨|平方米|辆|台|户|件|个|项|公里|%)(?!左右|以上|余))"
)
EXACT_EN = re.compile(
    r"(?<=[a-z] )(?<!than )(?<!least )(?<!most )(?<!over )(?<!about )(?<!up to )(?<!nearly )\d[\d,.]*(?= (?:million|billion|trillion|companies|people|yuan|percent|projects|square))"
)


def negations(text: str, chance: random.Random) -> Iterator[Change]:
    """Yield changes that deny what is asserted, or assert what is denied."""
    yield from _replaced(text, NEGATED, chance)


def directions(text: str, chance: random.Random) -> Iterator[Change]:
    """Yield changes of a word of movement, comparison or attitude into its opposite."""
    pairs = [pair.split("/") for pair in OPPOSITES.split()]
    rows = [(re.escape(old), new) for pair in pairs for old, new in (pair, pair[::-1])]
    english = [pair.split("/") for pair in OPPOSITES_EN.split()]
    rows += [(rf"\b{old}\b(?! to\b)", new) for pair in english for old, new in (pair, pair[::-1])]
    yield from _replaced(text, tuple(_single(rows)), chance)


def qualifiers(text: str, chance: random.Random) -> Iterator[Change]:
    """Yield changes of how far a claim goes: at least, about, all, planned; and a bound where the figure had none."""
    yield from _replaced(text, QUALIFIED, chance)
    is_chinese = re.search(r"[\u3400-\u9fff]", text) is not None
    for pattern, bounds in ((EXACT, ("不足", "超过")),) if is_chinese else ((EXACT_EN, ("less than ", "more than ")),):
        for match in pattern.finditer(text):
            bound = chance.choice(bounds)
            near = text[max(0, match.start() - 1) : match.start()] + bound + match[0]
            yield Change(start=match.start(), end=match.start(), now=bound, proof=(near,))


def _single(rows: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the rows, but one character only where it surely is the whole word."""
    for old, new in rows:
        if old in {"升", "降"}:
            yield rf"(?<=[同环]比){old}|{old}(?=\d)", new
        else:
            yield (f"{old}(?![口性])", new) if old == "突破" else (old, new)


def _replaced(text: str, rows: tuple[tuple[str, str], ...], chance: random.Random) -> Iterator[Change]:
    found = [(match, form) for pattern, form in rows for match in re.finditer(pattern, text)]
    chance.shuffle(found)
    for match, form in found:
        now = form.format(match[0])
        left, right = text[max(0, match.start() - BESIDE) : match.start()], text[match.end() : match.end() + BESIDE]
        yield Change(start=match.start(), end=match.end(), now=now, proof=(f"{left}{now}{right}",))
