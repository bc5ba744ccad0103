"""Citation marks in every form that models use, and the sentences that they belong to."""

from __future__ import annotations

import pytest

from rag.answer.llm.labels import draft_sentences, without_marks


def read(draft: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(row.text, row.numbers) for row in draft_sentences(draft)]


@pytest.mark.parametrize(
    ("mark", "numbers"),
    [
        ("[1]", (1,)),
        ("【1】", (1,)),
        ("[^1]", (1,)),
        ("(1)", (1,)),
        ("[1,2]", (1, 2)),
        ("[1、3]", (1, 3)),
        ("[1，3]", (1, 3)),
        ("[1; 3]", (1, 3)),
        ("[1-3]", (1, 2, 3)),
        ("[1–3,7]", (1, 2, 3, 7)),
        ("[1][3]", (1, 3)),
        ("【1】【3】", (1, 3)),
        ("[3][1][3]", (3, 1)),
        ("【1†来源】", (1,)),
        ("[资料2]", (2,)),
        ("[source 2]", (2,)),
        ("[ 12 ]", (12,)),
        ("[[1]]", (1,)),
        ("［1］", (1,)),
        ("〔2〕", (2,)),
        ("（资料1）", (1,)),
        ("（见资料1、3）", (1, 3)),
        ("(source 2)", (2,)),
    ],
)
@pytest.mark.parametrize("form", ["占比为43.9%{}。", "占比为43.9%。{}", "占比为43.9%。 {}"])
def test_every_form_of_mark_is_understood_before_and_behind_the_full_stop(
    mark: str, numbers: tuple[int, ...], form: str
) -> None:
    if mark == "(1)" and form != "占比为43.9%{}。":
        assert read(form.format(mark))[0][0].startswith("占比为43.9%。")
        return
    assert read(form.format(mark)) == [("占比为43.9%。", numbers)]


def test_marks_stay_with_their_own_sentences() -> None:
    draft = "甲是一。[1]乙是二[2]。丙是三。[3][4]"
    assert read(draft) == [("甲是一。", (1,)), ("乙是二。", (2,)), ("丙是三。", (3, 4))]


def test_a_mark_that_opens_a_line_belongs_to_that_line() -> None:
    assert read("甲是一。\n[2] 乙是二。") == [("甲是一。", ()), ("乙是二。", (2,))]


def test_a_sentence_without_a_mark_has_no_numbers() -> None:
    assert read("主要有两点。甲是一。[1]") == [("主要有两点。", ()), ("甲是一。", (1,))]


@pytest.mark.parametrize(
    "text",
    [
        "沪经信技〔2025〕270号已印发。",
        "沪经信[2025]270号已印发。",
        "（1）支持企业上云。",
        "(1) 支持企业上云。",
        "f(1)等于2。",
        "增长5(3)点。",
    ],
)
def test_what_only_looks_like_a_mark_stays_in_the_text(text: str) -> None:
    assert without_marks(text) == text


def test_english_sentences_keep_their_spacing() -> None:
    draft = "AI grew 12.8% [1], faster than others. It was 3.6% for biomedicine.[2]"
    assert without_marks(draft) == "AI grew 12.8%, faster than others. It was 3.6% for biomedicine."


def test_the_end_lies_behind_the_marks_in_the_draft() -> None:
    draft = "甲是一。[1] 乙是二。"
    assert [draft[: row.end] for row in draft_sentences(draft)] == ["甲是一。[1]", draft]


def test_nothing_gives_nothing() -> None:
    assert read("") == []
    assert read("[1]") == []
    assert read(" \n ") == []
