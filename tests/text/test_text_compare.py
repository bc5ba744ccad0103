"""When one figure covers another, how periods relate, lists bound by 分别, and statements that contradict each other."""

from __future__ import annotations

from datetime import date

import pytest

from rag.text.direction import opposed, stances
from rag.text.figures import Figure, compare, covers
from rag.text.marks import read_dates, read_figures
from rag.text.names import aliases_in, names_in
from rag.text.periods import Period, relation
from rag.text.respectively import bind_respectively

REFERENCE = date(2025, 11, 11)


def figure(text: str) -> Figure:
    (found,) = read_figures(text)
    return found


def period(text: str) -> Period:
    (found,) = read_dates(text, reference=REFERENCE)
    assert found.period is not None
    return found.period


@pytest.mark.parametrize(
    ("claim", "source", "expected"),
    [
        ("1.8万亿元", "18,000亿元", "same"),
        ("4.07 trillion yuan", "40,700亿元", "same"),
        ("9 billion yuan", "90亿元", "same"),
        ("90 billion yuan", "90亿元", "different"),
        ("4.07万亿元", "40721.17亿元", "within"),
        ("40721.17亿元", "4.07万亿元", "different"),
        ("近300亿元", "298亿元", "within"),
        ("近300亿元", "305亿元", "different"),
        ("200余家", "236家", "within"),
        ("200余家", "310家", "different"),
        ("约5%", "5.1%", "within"),
        ("5.2%", "8.9%", "different"),
        ("5%", "5个百分点", "different"),
        ("300亿元", "近300亿元", "qualifier"),
        ("300亿元", "300亿美元", "different"),
        ("57家", "57个", "same"),
        ("57家", "57款", "different"),
        ("3至5家", "3—5家", "same"),
        ("3家", "3至5家", "different"),
        ("第三批", "第二批", "different"),
        ("三成", "30%", "same"),
        ("600兆瓦", "60万千瓦", "same"),
    ],
)
def test_a_claim_covers_its_source_within_the_precision_it_writes(claim: str, source: str, expected: str) -> None:
    assert compare(figure(claim), figure(source)) == expected
    assert covers(figure(claim), figure(source)) == (expected in ("same", "within"))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2025年前三季度", "2025年1—9月", "same"),
        ("2025年", "2025年三季度", "contains"),
        ("10月25日", "10月", "inside"),
        ("2024年", "2025年", "before"),
        ("2024年9月至2025年3月", "2025年", "overlaps"),
        ("今年", "去年", "after"),
        ("the first three quarters of 2025", "今年前三季度", "same"),
    ],
)
def test_periods_relate(one: str, other: str, expected: str) -> None:
    assert relation(period(one), period(other)) == expected


def test_a_relative_date_without_a_reference_is_marked_and_has_no_period() -> None:
    (found,) = read_dates("去年10月")
    assert found.period is None
    assert found.relative


def test_a_day_takes_the_month_and_year_that_its_sentence_named() -> None:
    found = read_dates("2023年3月5日开幕，8日闭幕。", reference=REFERENCE)
    assert [mention.period and mention.period.first for mention in found] == [date(2023, 3, 5), date(2023, 3, 8)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "集成电路、人工智能、生物医药产业规模分别增长11.3%、12.8%和3.6%。",
            [("集成电路", "11.3%"), ("人工智能", "12.8%"), ("生物医药", "3.6%")],
        ),
        ("对获评企业和孵化器分别给予200万元、50万元奖励。", [("获评企业", "200万元"), ("孵化器", "50万元")]),
        ("Exports and imports rose 1.5% and 2%, respectively.", [("Exports", "1.5%"), ("imports", "2%")]),
        ("甲、乙、丙分别增长3%和5%。", []),
    ],
)
def test_a_list_binds_its_values_by_order(text: str, expected: list[tuple[str, str]]) -> None:
    found = bind_respectively(text)
    assert [(text[b.name.start : b.name.end], text[b.figure.span.start : b.figure.span.end]) for b in found] == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("产值同比增长5%", "产值同比下降5%", True),
        ("产值同比增长5%", "产值增长5%", False),
        ("产值同比增长5%", "产值环比下降3%", False),
        ("技术不得转让", "技术可以转让", True),
        ("项目未通过验收", "项目通过验收", True),
        ("人数不少于3人", "人数为3人", False),
        ("sales rose 5%", "sales fell 5%", True),
        ("members may not vote", "members may vote", True),
    ],
)
def test_statements_oppose(one: str, other: str, expected: bool) -> None:
    assert opposed(stances(one)[0], stances(other)[0]) is expected
    assert opposed(stances(other)[0], stances(one)[0]) is expected


def test_short_names_are_bound_to_the_full_name_before_them() -> None:
    text = "根据《促进条例》（以下简称《条例》），上海市经济和信息化委员会（以下简称“市经信委”）与 Acme Holdings Limited (hereinafter “Acme”) 签约。"
    pairs = [(text[a.full.start : a.full.end], text[a.short.start : a.short.end]) for a in aliases_in(text)]
    assert pairs == [
        ("促进条例", "条例"),
        ("上海市经济和信息化委员会", "市经信委"),
        ("Acme Holdings Limited", "Acme"),
    ]


def test_names_are_found_by_how_they_are_written() -> None:
    text = "市经信委主任张英表示，《行动方案》提出“模速空间”，OpenAI在徐汇区落户。"
    found = {(text[n.span.start : n.span.end], n.kind) for n in names_in(text)}
    assert {
        ("张英", "person"),
        ("行动方案", "title"),
        ("模速空间", "quoted"),
        ("OpenAI", "latin"),
        ("徐汇区", "place"),
    } <= found


@pytest.mark.parametrize("text", ["：分别为1", "分别", "，分别为1、2"])
def test_a_list_without_names_binds_nothing(text: str) -> None:
    assert bind_respectively(text) == []
