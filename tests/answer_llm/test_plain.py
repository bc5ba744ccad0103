"""No markup of a model reaches an answer."""

from __future__ import annotations

import pytest

from rag.answer.llm.plain import plain_text


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("**占比**为43.9%。[1]", "占比为43.9%。[1]"),
        ("## 结论", "结论"),
        ("- 甲", "甲"),
        ("1. 甲", "甲"),
        ("> 甲", "甲"),
        ("看![图](https://x.example/p.png?d=秘密)甲", "看甲"),
        ("见[平台](https://x.example)甲", "见平台甲"),
        ("甲[1](https://x.example)", "甲[1]"),
        ("甲<img src=x onerror=y>乙<b>丙</b><!-- 丁 -->", "甲乙丙"),
        ("`代码`", "代码"),
        ("见<https://apply.wangchao.example/a_b>。", "见https://apply.wangchao.example/a_b。"),
        ("致信<a.b@wangchao.example>。", "致信a.b@wangchao.example。"),
        ("甲\u200b乙\u202e丙\U000e0041", "甲乙丙"),
    ],
)
def test_markup_goes_and_words_stay(markup: str, plain: str) -> None:
    assert plain_text(markup) == plain


@pytest.mark.parametrize(
    "text", ["3 < 5且7 > 6。", "5*3=15", "1.8万亿元", "SJ-T_11894_2023", "12.5%", "1、2月份增长", "-5%", "#1楼"]
)
def test_what_only_looks_like_markup_stays(text: str) -> None:
    assert plain_text(text) == text
