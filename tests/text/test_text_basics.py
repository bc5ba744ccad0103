"""Folding, tokens, sentences, language and the token budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.errors import ConfigError
from rag.text.budget import open_token_counter
from rag.text.language import detect_lang, is_in_another_language
from rag.text.normalise import fold, fold_with_offsets, level
from rag.text.sentences import LONGEST_QUOTATION, clause_spans, sentence_spans
from rag.text.tokens import index_tokens
from rag.types import Span

if TYPE_CHECKING:
    from pathlib import Path

    from rag.types import Lang


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text)]


@pytest.mark.parametrize("text", ["产业规模１２％", "產業規模12%", "产业规模12％"])
def test_width_and_script_fold_to_one_form(text: str) -> None:
    assert fold(text) == "产业规模12%"
    assert index_tokens(text) == ["产业", "业规", "规模", "12%"]


def test_levelled_text_keeps_its_length_and_its_case() -> None:
    text = "規模１，２３４．５億元，ＭＷ…①"
    assert level(text) == "规模1,234.5亿元，MW…①"


def test_spans_of_the_folded_text_lead_back_to_the_original() -> None:
    text = "x…ﬁ號e\u0301"
    folded = fold_with_offsets(text)
    assert folded.text == fold(text) == "x...fi号é"
    assert folded.to_original(Span(1, 4)) == Span(1, 2)
    assert folded.to_original(Span(4, 6)) == Span(2, 3)
    assert folded.from_original(Span(1, 2)) == Span(1, 4)
    assert folded.from_original(Span(4, 6)) == Span(7, 8)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("模速空间", ["模速", "速空", "空间"]),
        ("增长0.45%", ["增长", "0.45%"]),
        ("1,234.5亿元", ["1234.5", "亿元"]),
        ("VE25-100型", ["ve25-100", "ve25", "100", "型"]),
        ("沪经信技〔2025〕270号", ["沪经", "经信", "信技", "〔2025〕270号", "2025", "270"]),
        ("U.S. firms' GPU", ["us", "firm", "gpu"]),
        ("China's 5G", ["china", "5g"]),
        ("policies of news companies", ["policy", "of", "news", "company"]),
        ("100MW", ["100mw", "100", "mw"]),
    ],
)
def test_tokens_keep_numbers_and_codes_whole(text: str, tokens: list[str]) -> None:
    assert index_tokens(text) == tokens


def test_a_part_of_a_code_finds_the_code() -> None:
    assert set(index_tokens("VE25")) <= set(index_tokens("空心导线VE25-100投产"))
    assert set(index_tokens("〔2025〕270号")) <= set(index_tokens("根据沪经信技〔2025〕270号文"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("增长5.0%。规模1,234.5亿元！", ["增长5.0%。", "规模1,234.5亿元！"]),
        (
            "第3.2条规定：“不得转让。不得出租。”会议指出，要坚持。",
            ["第3.2条规定：“不得转让。不得出租。”", "会议指出，要坚持。"],
        ),
        ("“我们要努力。”他说。随后离开。", ["“我们要努力。”他说。", "随后离开。"]),
        ("已发布。（来源：新华社）下一句。", ["已发布。（来源：新华社）", "下一句。"]),
        ("加强管理。（一）完善制度。", ["加强管理。", "（一）完善制度。"]),
        ("好。[1] 另一句[2]。第三句。[3][4]", ["好。[1]", "另一句[2]。", "第三句。[3][4]"]),
        ("印发《关于“两化”。的通知》后施行。", ["印发《关于“两化”。的通知》后施行。"]),
        ("标题\n正文没有句号", ["标题", "正文没有句号"]),
        (
            "Mr. Smith of Acme Inc. spoke in the U.S. on Nov. 5. He left.",
            ["Mr. Smith of Acme Inc. spoke in the U.S. on Nov. 5.", "He left."],
        ),
        ("See No. 5, e.g. https://a.b/c?d=1. Done!", ["See No. 5, e.g. https://a.b/c?d=1.", "Done!"]),
        ("未闭合“引号。下一句。", ["未闭合“引号。", "下一句。"]),
    ],
)
def test_sentences_end_where_they_end(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_very_long_quotation_is_cut_at_its_inner_ends() -> None:
    text = "他说：“" + "要发展。" * (LONGEST_QUOTATION // 4 + 1) + "”"
    assert len(sentences(text)) > LONGEST_QUOTATION // 4 - 1


def test_clauses_do_not_cut_numbers_titles_or_quotations() -> None:
    text = "规模1,234亿元，《甲，乙》发布；“好，很好”为据。"
    found = [text[span.start : span.end] for span in clause_spans(text)]
    assert found == ["规模1,234亿元，", "《甲，乙》发布；", "“好，很好”为据。"]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("GDP是多少", "zh"),
        ("What is 模速空间?", "en"),
        ("AI Agent 是什么", "zh"),
        ("iPhone 15 Pro Max 售价", "zh"),
        ("What does 上海市经济和信息化委员会 do?", "en"),
        ("GDP of Shanghai", "en"),
        ("", "en"),
    ],
)
def test_the_language_of_a_question_is_that_of_its_grammar(text: str, lang: str) -> None:
    assert detect_lang(text) == lang


def test_tokens_are_counted_without_a_network() -> None:
    counter = open_token_counter()
    assert counter.count("") == 0
    assert 10 < counter.count("上海前三季度地区生产总值同比增长5.5%，工业投资增长20.3%。") < 30
    assert counter.count("<|endoftext|>") > 1


@pytest.mark.parametrize("name", ["o200k_base", "nonsense"])
def test_an_encoding_that_is_not_at_hand_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    with pytest.raises(ConfigError, match=name):
        open_token_counter(name)


def test_digits_of_other_scripts_level_to_our_own() -> None:
    assert level("\u07c0\u0662１") == "021"


@pytest.mark.parametrize(
    ("text", "lang", "other"),
    [
        ("2023年占比为43.9%。", "zh", False),
        ("Feng Chen Wang，2015。", "zh", False),
        ("The share was 43.9 percent in 2023.", "zh", True),
        ("その割合は43.9%だった。", "zh", True),
        ("The article says: “2023年占比为43.9%。”", "en", False),
        ("2023年占比为43.9%。", "en", True),
        ("La part était de quarante pour cent.", "en", True),
        ("XREAL, 57°", "en", False),
    ],
)
def test_a_sentence_in_another_language_is_told_by_what_stands_outside_its_quotations(
    text: str, lang: Lang, other: bool
) -> None:
    assert is_in_another_language(text, lang=lang) is other
