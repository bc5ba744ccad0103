"""One spelling for all spellings: figures, dates, scripts, widths."""

from __future__ import annotations

import pytest

from eval.normalise import contains, figures, normalise, tokens

SAME = [
    ("4.72万亿元", "4.72 trillion yuan"),
    ("40,721.17亿元", "40721.17亿元"),
    ("二〇二五年十一月五日", "2025-11-05"),
    ("2025年11月5日", "November 5, 2025"),
    ("11月9日17:00", "11月9日下午5时"),
    ("5 Nov. 2025", "2025/11/5"),
    ("百分之五点五".replace("五点五", "5.5"), "5.5 percent"),
    ("5.50％", "5.5%"),
    ("統一５家企業", "统一5家企业"),
    ("2 million", "200万"),
    ("一千二百三十四万五千", "1234.5万"),
    ("三分之一", "1/3"),
    ("5.5 percentage points", "5.5个百分点"),
    ("沪经信技〔2025〕270号", "沪经信技[2025]270号"),
    ("9:00 am", "上午9时"),
    ("3家至5家".replace("家至", "至"), "3-5家"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_of_one_thing_are_equal(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


APART = [
    ("增长15%", "5%"),
    ("0.45%", "45%"),
    ("57%", "57"),
    ("1957家", "57家"),
    ("5.5亿元", "5.5万元"),
    ("11月15日", "11月5日"),
    ("He said so", "AI"),
    ("12.5", "12"),
    ("an aim of", "AI"),
]


@pytest.mark.parametrize(("text", "form"), APART)
def test_a_form_is_not_found_inside_a_larger_one(text: str, form: str) -> None:
    assert not contains(normalise(text), form=form)


HELD = [
    ("2025年11月5日举行", "11月5日"),
    ("达到2023年底的43.9%，比", "43.9%"),
    ("MiniMax 稀宇科技", "minimax"),
    ("第二十届四中全会", "四中全会"),
    ("共五十七家", "57家"),
    ("under the MIT license", "MIT licen"),
]


@pytest.mark.parametrize(("text", "form"), HELD)
def test_a_form_is_found_in_any_spelling(text: str, form: str) -> None:
    assert contains(normalise(text), form=form)


@pytest.mark.parametrize("word", ["十四五", "万物", "百货", "亿万", "三五成群"])
def test_what_is_no_numeral_stays(word: str) -> None:
    assert normalise(word) == word


def test_a_numeral_beside_a_digit_is_left_alone() -> None:
    assert normalise("统一5家") == "统一5家"


def test_normalising_twice_changes_nothing() -> None:
    for one, other in SAME:
        for text in (one, other):
            assert normalise(normalise(text)) == normalise(text)


def test_figures_leave_out_labels_and_list_numbers() -> None:
    assert figures("1. 增长5.5% [2]\n2、2025年11月5日共3家") == ["5.5%", "2025年11月5日", "3"]


def test_a_token_is_a_chinese_character_a_latin_word_or_a_number() -> None:
    assert tokens("上海GDP增长5.5%") == ["上", "海", "gdp", "增", "长", "5.5%"]
