"""What holds for every string: spans quote it and do not overlap, offsets lead back, a rendered value reads as itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text.marks import read_dates, read_figures, read_marks
from rag.text.normalise import fold, fold_with_offsets, level
from rag.text.numerals import read_han
from rag.text.periods import Period, relation
from rag.text.sentences import clause_spans, sentence_spans
from rag.text.tokens import index_tokens
from rag.types import Span

PIECES = st.sampled_from(
    [
        "1,234.5", "2025年", "10月", "5日", "至", "—", "约", "超", "近", "亿元", "万", "%", "个百分点", "家", "第", "三", "十五五", "期间",
        "今年", "以来", "截至", "前", "。", "，", "“", "”", "《", "》", "（一）", "分别", "、", "和", "U.S. ", "Nov. ", "5", " to ", "$", "billion",
        "〔2025〕", "270号", "VE25-100", "７", "：", "00", "…", "\n", " ", "不得", "同比增长", "e\u0301", "ﬁ", "號", "Q3 ", "a@b.cn", "分之",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=24).map("".join))
DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2049, 12, 31))
OPPOSITE = {
    "same": "same",
    "contains": "inside",
    "inside": "contains",
    "overlaps": "overlaps",
    "before": "after",
    "after": "before",
}


def spelled(number: int) -> str:
    """Write a number below 10**8 in Chinese numerals."""
    if number >= 10**4:
        rest = number % 10**4
        return spelled(number // 10**4) + "万" + ("零" if 0 < rest < 1000 else "") + (spelled(rest) if rest else "")
    text, gap = "", False
    for place, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit == 0:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + "零一二三四五六七八九"[digit] + mark
        gap = False
    return text or "零"


@given(TEXTS)
@settings(deadline=None, max_examples=300)
def test_marks_lie_in_the_text_in_order_and_do_not_overlap(text: str) -> None:
    end = 0
    for mark in read_marks(text, reference=date(2025, 11, 11)):
        assert end <= mark.span.start < mark.span.end <= len(text)
        end = mark.span.end


@given(TEXTS)
@settings(deadline=None, max_examples=200)
def test_every_digit_is_in_a_mark(text: str) -> None:
    held = {at for mark in read_marks(text) for at in range(mark.span.start, mark.span.end)}
    assert [at for at, char in enumerate(text) if char in "0123456789" and at not in held] == []


@given(TEXTS)
@settings(deadline=None, max_examples=300)
def test_sentences_and_clauses_leave_out_nothing_but_blanks(text: str) -> None:
    for spans in (sentence_spans(text), clause_spans(text)):
        kept = "".join("".join(text[span.start : span.end].split()) for span in spans)
        assert kept == "".join(text.split())
        assert all(text[span.start : span.end].strip() == text[span.start : span.end] for span in spans)
        assert all(one.end <= other.start for one, other in pairwise(spans))


@given(TEXTS)
@settings(deadline=None, max_examples=300)
def test_folding_is_done_at_once_and_its_offsets_lead_both_ways(text: str) -> None:
    folded = fold_with_offsets(text)
    assert folded.text == fold(text)
    assert fold(folded.text) == folded.text
    for at in range(len(folded.text)):
        original = folded.to_original(Span(at, at + 1))
        back = folded.from_original(original)
        assert back.start <= at < back.end
        assert fold(text[original.start : original.end]) == folded.text[back.start : back.end]


@given(TEXTS)
def test_levelling_keeps_the_length(text: str) -> None:
    assert len(level(text)) == len(text)


@given(TEXTS)
def test_tokens_do_not_change_when_the_text_is_folded_first(text: str) -> None:
    assert index_tokens(fold(text)) == index_tokens(text)


@given(st.integers(0, 10**12), st.integers(0, 4), st.sampled_from(["元", "家", "%", "千瓦", ""]))
def test_a_rendered_number_reads_as_itself(digits: int, places: int, unit: str) -> None:
    value = Decimal(digits).scaleb(-places)
    (found,) = read_figures(f"共{value:,}{unit}。")
    assert found.low == value
    assert found.unit == unit


@given(st.integers(2, 10**8 - 1))
def test_chinese_numerals_read_as_the_number_they_spell(number: int) -> None:
    assert read_han(spelled(number)) == number


@given(DAYS)
def test_a_rendered_day_reads_as_itself_in_every_spelling(day: date) -> None:
    expected = Period(first=day, last=day, precision="day")
    for written in (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day}",
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day} {day:%b} {day.year}",
    ):
        assert [found.period for found in read_dates(written)] == [expected], written


@given(DAYS, DAYS, DAYS, DAYS)
def test_the_relation_of_periods_turns_with_their_order(a: date, b: date, c: date, d: date) -> None:
    one = Period(first=min(a, b), last=max(a, b), precision="span")
    other = Period(first=min(c, d), last=max(c, d), precision="span")
    assert relation(other, one) == OPPOSITE[relation(one, other)]
