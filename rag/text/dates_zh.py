"""The grammar of Chinese dates: finds the date that starts at one place of levelled text."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.text import periods
from rag.text.clock import clock_at
from rag.text.dates import Bound, Context, DateMention, settled
from rag.text.numerals import read_number
from rag.text.periods import Period
from rag.types import Span

if TYPE_CHECKING:
    from datetime import date

_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_Y = r"(?:(?:19|20)\d\d|[一二][零〇○九][零〇○一二三四五六七八九]{2})"
_TO = r"\s?(?:[-–—~～－]{1,2}|至|到)\s?"
_NAMED_YEARS = {
    "今": 0,
    "本": 0,
    "去": -1,
    "上": -1,
    "上一": -1,
    "明": 1,
    "下": 1,
    "次": 1,
    "前": -2,
    "后": 2,
    "大前": -3,
}
_YEAR = rf"(?:(?P<year>{_Y})\s?(?:年(?!轻|级)|(?=[QH][1-4]))|(?P<named>今|本|去|上一|上|明|次|下|大前|前|后)年(?!来|轻|纪|级|会|货|画|报|度报)度?|(?P<unsaid>当|同)年(?!度?人))"
_PART = "(?P<part>年初(?!步)|年中|年底|年末|岁末|初(?!步|期|级|中|创|心)|上旬|中旬|下旬|底|末|中(?=[^国小心等央共])|以来|内)"
_MONTH_WORD = "(?P<month_word>(?:上上|上|本|这|当|下|下下)个?月)"
_INNER = (
    rf"(?:(?P<first_months>前|头)(?P<months>{_N})个?月|(?P<m1>{_N})月?{_TO}(?P<m2>{_N})月份?(?!\d{{1,2}}[日号])"
    rf"|(?P<half>上|下)半年|(?P<season>第?[一二三四1-4]|前[二三两23])季度?|Q(?P<q>[1-4])|H(?P<h>[12]))"
)
_INNER_AHEAD = r"\d|[一二三四五六七八九十前头上下第Q]"
_DAY = rf"(?P<month>{_N})\s?月(?:份(?!额))?(?:\s?(?P<day>{_N})\s?(?:日(?!均|本)|号(?!楼|线|院)))?"
_DATE = re.compile(rf"(?:{_YEAR}(?:\s?的?(?={_INNER_AHEAD}))?)?(?:{_INNER}|{_DAY})?(?:\s?{_PART})?(?:期间|时期)?")
_NUMERIC = re.compile(
    r"(?<![\d.])((?:19|20)\d\d)([-/.])(\d{1,2})(?:\2(\d{1,2}))?(?![\d-])|(?<!\d)((?:19|20)\d\d)([01]\d)([0-3]\d)(?!\d)"
)
_YEARS = re.compile(rf"({_Y})年?{_TO}({_Y})(?:年度?(?:期间)?|(?!\d))")
_TWO_YEARS = re.compile(rf"({_Y})[、/]({_Y})年")
_BARE_YEAR = re.compile(
    r"(?<![\d.,-])(?:19[5-9]\d|20[0-4]\d)(?![\d,.%：:-]|\s?[万亿千百家个名人项元款米吨公平台套辆条次篇])"
)
_FISCAL = re.compile(r"(?:(?:19|20)\d\d)(?:财年|年度|学年|财政年度)")
_PLAN = re.compile('(十[一二三四五六七]?|[三四五六七八九])五[”"]?(?P<rest>期间|时期|规划期|以来|末|开局之年|收官之年)?')
_RELATIVE_DAY = re.compile("(今|昨|明|前|后)(?:天|日(?!子|本)|晚(?!会)|晨)|(今|昨|明)(?=上午|下午|晚|晨)")
_DAYS = {"今": 0, "昨": -1, "明": 1, "前": -2, "后": 2}
_WEEK = re.compile("(?:(上上|上|本|这|下下|下)个?)(?:周|星期|礼拜)(?P<day>[一二三四五六日天末])?")
_WEEKDAY = re.compile("(?:周|星期|礼拜)(?P<day>[一二三四五六日天])(?![期全到])")
_SHIFT = {"上上": -2, "上": -1, "本": 0, "这": 0, "当": 0, "下": 1, "下下": 2}
_WEEKDAYS = {char: at for at, char in enumerate("一二三四五六日")} | {"天": 6}
_MONTHLY = re.compile(rf"{_MONTH_WORD}(?:的?(?P<day>{_N})[日号])?\s?(?P<part>初|上旬|中旬|下旬|底|末|以来|内)?")
_ALONE_PART = re.compile(
    r"(?P<year>年)(?P<part>初(?!步)|中(?!国|等|期)|底|末|内)|(?P<monthpart>月)(?P<mpart>初|底|末|中旬)|(?P<rest>上|中|下)旬"
)
_DAY_ALONE = re.compile(rf"(?!一日)({_N})日(?!元|均|本|常|子|前|益|程)(?:{_TO}({_N})日)?")
_QUARTER_WORD = re.compile("(上|本|下)(?:一个?)?季度")
_SPAN = re.compile(
    r"(?P<way>近|过去|最近|此前|前|未来|今后|接下来|连续|往后|下一个?)的?\s?(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})\s?(?P<more>多|余)?(?P<unit>年|个月|周|个星期|天|日)(?P<tail>来|间|内|里)?(?![级月度])"
)
_UNITS = {"年": "year", "个月": "month", "周": "week", "个星期": "week", "天": "day", "日": "day"}
_VAGUE = re.compile("近日|日前|近期|最近|不久前|前不久|连日来|近来|近段时间")
_DECADE = re.compile(
    rf"(?:(?P<century>\d{{1,2}}|上|本|[一二][十]?[一]?)(?:个)?世纪)?(?P<tens>[1-9]0|[一二三四五六七八九]十)年代(?P<part>初|中期|末)?"
)
_CENTURY = re.compile(r"(\d{1,2}|上|本|二十一?|十九)(?:个)?世纪(?:以来|初|末|中叶)?")
_PARTS = {
    "初": "early", "年初": "early", "上旬": "early", "年中": "middle", "中": "middle", "中旬": "middle", "下旬": "late",
    "底": "end", "末": "end", "年底": "end", "年末": "end", "岁末": "end",
}  # fmt: skip
_WEEKDAY_NOTE = re.compile("[（(](?:周|星期)[一二三四五六日天][）)]")
_TO_DAY = re.compile(
    rf"{_TO}(?=\d|[一二三四五六七八九十去今明次])(?:(?:(?P<year>{_Y})年|(?P<named>今|本|去|明|次)年)?(?P<month>{_N})月)?(?:(?P<day>{_N})[日号])?(?P<part>底|末|初|上旬|中旬|下旬)?"
)
_SINCE_AFTER = re.compile("以来|[日月年周]?起(?![步来草诉源到])|至今|迄今")
_AFTER_AFTER = re.compile("[以之]后|后(?![天台续勤期年备方])")
_BEFORE_AFTER = re.compile("[以之]前|前(?![三两二四后来往期\\d]|十)")
_UNTIL_BEFORE = re.compile(r"(?:截至|截止到?|截止至|到|至|延至|延长至)(?:目前)?[“]?$")
_AHEAD = re.compile("[将拟]|预计|计划|届时|截止|截至|预期|有望|起施行|前")
_YEAR_SAID = re.compile("[今本去上明次下前未当]")
_STRICT_UNTIL = re.compile(r"(?:截至|截止到?|截止至)[“]?$")
_SINCE_BEFORE = re.compile(r"(?:自从?|从|始于|起于)[“]?$")
_BY_BEFORE = re.compile(r"(?:不迟于|不晚于|最迟(?:于|在)?|最晚(?:于|在)?|早于|须于|应于|务必于|力争到|到)[“]?$")
_BY_STRICT = re.compile(r"(?:不迟于|不晚于|最迟(?:于|在)?|最晚(?:于|在)?|早于)[“]?$")


def date_at(text: str, start: int, *, context: Context, after: int) -> DateMention | None:
    """Return the date that starts at `start`, or `None`; nothing before `after` belongs to it."""
    for reader in (_span_words, _numeric, _years, _decade, _plan, _dated, _relative, _vague):
        found = reader(text, start, context)
        if found is not None:
            end, period, relative = found
            return _finished(text, Span(start, end), period, relative=relative, context=context, after=after)
    return None


_Found = tuple[int, "Period | None", bool]


def _number(written: str) -> int:
    value = read_number(written)
    return int(value) if value is not None else 0


def _year_number(written: str) -> int:
    if written[0].isdigit() and written[0].isascii():
        return int(written)
    return int("".join(str("零一二三四五六七八九".find(char)) if char not in "〇○" else "0" for char in written))


def _numeric(text: str, start: int, context: Context) -> _Found | None:
    """Read 2025-11-05, 2025/11, 20251105."""
    found = _NUMERIC.match(text, start)
    if found is None:
        return None
    if found[5]:
        period = periods.day_of(int(found[5]), int(found[6]), int(found[7]))
    elif found[4]:
        period = periods.day_of(int(found[1]), int(found[3]), int(found[4]))
    else:
        period = periods.month_of(int(found[1]), int(found[3]))
    return None if period is None else (found.end(), period, False)


def _years(text: str, start: int, context: Context) -> _Found | None:
    """Read 2022-2025年 and a bare 2024."""
    found = _YEARS.match(text, start)
    if found is None:
        return None
    first, last = _year_number(found[1]), _year_number(found[2])
    if first >= last or re.compile(r"\s?\d{1,2}月").match(text, found.end()):
        return None
    return found.end(), periods.years_of(first, last, precision="span"), False


def _decade(text: str, start: int, context: Context) -> _Found | None:
    if found := _DECADE.match(text, start):
        century = _century(found["century"], context)
        tens = _number(found["tens"])
        first = (century - 1) * 100 + tens if century is not None else 1900 + tens
        relative = found["century"] in ("上", "本")
        return found.end(), periods.years_of(first, first + 9, precision="decade"), relative
    if found := _CENTURY.match(text, start):
        century = _century(found[1], context)
        if century is None or not 1 <= century <= 99:
            return (found.end(), None, True)
        return found.end(), periods.years_of(max(1, 100 * century - 100), 100 * century - 1, precision="century"), False
    return None


def _century(written: str | None, context: Context) -> int | None:
    if written is None:
        return None
    if written in ("上", "本"):
        year = context.year(0)
        return None if year is None else year // 100 + (1 if written == "本" else 0)
    return _number(written)


def _plan(text: str, start: int, context: Context) -> _Found | None:
    found = _PLAN.match(text, start)
    if found is None:
        return None
    number = _number(found[1])
    quoted = (
        start > 0
        and text[start - 1] in '“"'
        and found.end() > found.start()
        and text[found.end(1) + 1 : found.end(1) + 2] in '”"'
    )
    if number <= 10 and not quoted or (start > 0 and text[start - 1] in "第二三四五六七八九百"):
        return None
    return found.end(), _plan_part(number, found["rest"]), False


def _plan_part(number: int, rest: str | None) -> Period | None:
    plan = periods.plan_of(number)
    if plan is not None and rest == "开局之年":
        return periods.years_of(plan.first.year, plan.first.year, precision="year")
    if plan is not None and rest in ("收官之年", "末"):
        return periods.years_of(plan.last.year, plan.last.year, precision="year")
    return plan


def _dated(text: str, start: int, context: Context) -> _Found | None:
    """Read year, month and day, as far as they are written, with quarters, halves and parts of a month."""
    if fiscal := _FISCAL.match(text, start):
        year = int(fiscal[0][:4])
        return fiscal.end(), periods.years_of(year, year, precision="year"), False
    found = _DATE.match(text, start)
    if found is None or found.end() == start:
        return _bare(text, start)
    if (
        found["part"]
        and found["part"].startswith("年")
        and found["year"] is None
        and found["named"] is None
        and found["unsaid"] is None
        and found["month"]
    ):
        return None
    year, relative = _said_year(found, context)
    end = found.end()
    period = _within_year(found, year, context)
    if period is None:
        calendar_fault = year is not None and (found["month"] or found["day"])
        return None if calendar_fault or _needs_no_reference(context, found) else (end, None, True)
    part = found["part"]
    if part == "以来":
        return end - 2, period, relative or year is None
    if part == "内":
        return end, period, relative or year is None
    if part is not None:
        period = periods.part_of(period, _PARTS[part])
    return end, period, relative or year is None


def _needs_no_reference(context: Context, found: re.Match[str]) -> bool:
    """Tell whether the match is no date at all: with a reference, everything that is one has a period."""
    return context.reference is not None and found["unsaid"] is None


def _bare(text: str, start: int) -> _Found | None:
    found = _BARE_YEAR.match(text, start)
    if found is None or (start > 0 and text[start - 1] in "第.-$¥￥"):
        return None
    return found.end(), periods.years_of(int(found[0]), int(found[0]), precision="year"), False


def _said_year(found: re.Match[str], context: Context) -> tuple[int | None, bool]:
    if found["year"]:
        return _year_number(found["year"]), False
    if found["named"]:
        return context.year(_NAMED_YEARS[found["named"]]), True
    if found["unsaid"]:
        return (None if context.previous is None else context.previous.first.year), True
    return None, True


def _within_year(found: re.Match[str], year: int | None, context: Context) -> Period | None:
    if found["month"]:
        return _month_or_day(found, year, context)
    if year is None and (found["named"] or found["unsaid"]):
        return None
    if year is None:
        year = context.said_year() or context.year(0)
    if year is None:
        return None
    if found["months"]:
        return periods.months_of(year, 1, _number(found["months"]), precision="span")
    if found["m1"]:
        return periods.months_of(year, _number(found["m1"]), _number(found["m2"]), precision="span")
    if found["half"] or found["h"]:
        second = found["half"] == "下" or found["h"] == "2"
        return periods.months_of(year, 7 if second else 1, 12 if second else 6, precision="half")
    if found["season"] or found["q"]:
        return _quarters(found["season"] or found["q"], year)
    return periods.years_of(year, year, precision="year")


def _quarters(written: str, year: int) -> Period | None:
    number = _number(written.removeprefix("第").removeprefix("前"))
    return periods.quarters_of(year, 1 if written.startswith("前") else number, number)


def _month_or_day(found: re.Match[str], year: int | None, context: Context) -> Period | None:
    month = _number(found["month"])
    if found["day"]:
        day = _number(found["day"])
        return context.month_day(month, day) if year is None else periods.day_of(year, month, day)
    return context.month(month) if year is None else periods.month_of(year, month)


def _relative(text: str, start: int, context: Context) -> _Found | None:
    """Read what counts from the reference: 昨天, 上周五, 本月底, 年底, 5日."""
    reference = context.reference
    for pattern, build in _RELATIVES:
        found = pattern.match(text, start)
        if found is not None and (pattern is not _ALONE_PART or _stands_alone(text, start, found)):
            if reference is None and not (pattern in (_DAY_ALONE,) and context.previous is not None):
                return (found.end(), None, True)
            period = build(found, reference, context)
            return None if period is None else (_relative_end(found), period, True)
    return None


def _relative_end(found: re.Match[str]) -> int:
    return found.end() - 2 if found[0].endswith("以来") else found.end()


def _stands_alone(text: str, start: int, found: re.Match[str]) -> bool:
    return (
        start == 0
        or text[start - 1] not in "0123456789今去明前后每全当同近多零一二三四五六七八九十半成青少几数两本上下壮百"
    )


def _relative_day(found: re.Match[str], reference: date | None, context: Context) -> Period | None:
    if reference is None:
        return None
    day = periods.shifted(reference, days=_DAYS[found[1] or found[2]])
    return Period(first=day, last=day, precision="day")


def _week(found: re.Match[str], reference: date | None, context: Context) -> Period | None:
    if reference is None:
        return None
    week = periods.week_of(reference, weeks=_SHIFT[found[1]])
    if found["day"] == "末":
        return Period(first=periods.shifted(week.first, days=5), last=week.last, precision="span")
    if found["day"]:
        day = periods.shifted(week.first, days=_WEEKDAYS[found["day"]])
        return Period(first=day, last=day, precision="day")
    return week


def _weekday(found: re.Match[str], reference: date | None, context: Context) -> Period | None:
    if reference is None:
        return None
    back = (reference.weekday() - _WEEKDAYS[found["day"]]) % 7
    day = periods.shifted(reference, days=-back if back < 4 else 7 - back)
    return Period(first=day, last=day, precision="day")


def _monthly(found: re.Match[str], reference: date | None, context: Context) -> Period | None:
    if reference is None:
        return None
    word = found["month_word"].removesuffix("月").removesuffix("个")
    year, month = periods.month_after(reference, months=_SHIFT[word])
    if found["day"]:
        return periods.day_of(year, month, _number(found["day"]))
    period = periods.month_of(year, month)
    if period is None or found["part"] in (None, "以来", "内"):
        return period
    return periods.part_of(period, _PARTS[found["part"]])


def _part(found: re.Match[str], reference: date | None, context: Context) -> Period | None:
    if reference is None:
        return None
    if found["year"]:
        year = context.said_year() or reference.year
        whole = periods.years_of(year, year, precision="year")
        return whole if whole is None or found["part"] == "内" else periods.part_of(whole, _PARTS[found["part"]])
    month = periods.month_of(reference.year, reference.month)
    if month is None:
        return None
    return periods.part_of(month, _PARTS[found["mpart"] or f"{found['rest']}旬"])


def _day_alone(found: re.Match[str], reference: date | None, context: Context) -> Period | None:
    first = context.day(_number(found[1]))
    if first is None or found[2] is None:
        return first
    last = context.day(_number(found[2]))
    return None if last is None or last.first <= first.first else replace(first, last=last.last, precision="span")


def _quarter_word(found: re.Match[str], reference: date | None, context: Context) -> Period | None:
    if reference is None:
        return None
    year, month = periods.month_after(reference, months=3 * _SHIFT[found[1]])
    quarter = (month + 2) // 3
    return periods.quarters_of(year, quarter, quarter)


_RELATIVES = (
    (_RELATIVE_DAY, _relative_day),
    (_QUARTER_WORD, _quarter_word),
    (_WEEK, _week),
    (_WEEKDAY, _weekday),
    (_MONTHLY, _monthly),
    (_ALONE_PART, _part),
    (_DAY_ALONE, _day_alone),
)


def _span_words(text: str, start: int, context: Context) -> _Found | None:
    """Read 近五年, 过去10年, 未来三个月."""
    found = _SPAN.match(text, start)
    if found is None or found["way"] in ("前", "连续") and found["tail"] is None:
        return None
    if found["way"] == "近" and start > 0 and text[start - 1] in "最将接附":
        return None
    count, unit = _number(found["n"]), _UNITS[found["unit"]]
    if context.reference is None:
        return found.end(), None, True
    build = (
        periods.ahead_from
        if found["way"] in ("未来", "今后", "接下来", "往后", "下一个", "下一")
        else periods.back_from
    )
    return found.end(), build(context.reference, count=count, unit=unit), True


def _vague(text: str, start: int, context: Context) -> _Found | None:
    found = _VAGUE.match(text, start)
    if found is None:
        return None
    return found.end(), None if context.reference is None else periods.around(context.reference, ahead=False), True


def _finished(
    text: str, span: Span, period: Period | None, *, relative: bool, context: Context, after: int
) -> DateMention:
    """Add what stands around a date: the other end of a range, a time of day, the words that bound it."""
    end = span.end
    if note := _WEEKDAY_NOTE.match(text, end):
        end = note.end()
    minutes = None
    if (
        period is not None
        and period.precision in ("day", "month", "tenday")
        and (to := _range_end(text, end, period, context))
    ):
        period, end = to
        if note := _WEEKDAY_NOTE.match(text, end):
            end = note.end()
    if (period is None or period.first == period.last or period.precision == "span") and (clock := clock_at(text, end)):
        minutes, end = clock
    bound = _bound(text, Span(span.start, end), after)
    if bound == "since" and period is not None and period.precision == "span":
        bound = "on"
    said = _YEAR_SAID.search(text, span.start, end) is not None
    ahead = said or bound == "before" or _AHEAD.search(text, span.start - min(8, span.start), end + 14) is not None
    period = settled(period, bound, relative=relative and not said, ahead=ahead, context=context)
    if (
        text.startswith("以来", end)
        and period is not None
        and context.reference is not None
        and context.reference > period.first
    ):
        period = Period(first=period.first, last=context.reference, precision="span")
    return DateMention(span=Span(span.start, end), period=period, bound=bound, minutes=minutes, relative=relative)


def _range_end(text: str, end: int, first: Period, context: Context) -> tuple[Period, int] | None:
    """Read the second day or month of a range, in the first one's year and month unless it names its own."""
    found = _TO_DAY.match(text, end)
    if found is None or not (found["month"] or found["day"]):
        return None
    year = _year_number(found["year"]) if found["year"] else first.last.year
    if found["named"]:
        year = (context.year(_NAMED_YEARS[found["named"]]) or first.last.year) if found["named"] != "次" else year + 1
    month = _number(found["month"]) if found["month"] else first.last.month
    if not (found["year"] or found["named"]) and month < first.last.month:
        year += 1
    last = periods.day_of(year, month, _number(found["day"])) if found["day"] else periods.month_of(year, month)
    if last is not None and found["part"]:
        last = periods.part_of(last, _PARTS[found["part"]])
    if last is None or last.last <= first.first:
        return None
    return Period(first=first.first, last=last.last, precision="span"), found.end()


def _bound(text: str, span: Span, after: int) -> Bound:
    head = text[max(after, span.start - 8) : span.start]
    if _STRICT_UNTIL.search(head):
        return "until"
    if _SINCE_AFTER.match(text, span.end) or (_SINCE_BEFORE.search(head) and not _AFTER_AFTER.match(text, span.end)):
        return "since"
    if _BEFORE_AFTER.match(text, span.end) or _BY_STRICT.search(head):
        return "before"
    return "after" if _AFTER_AFTER.match(text, span.end) else "on"
