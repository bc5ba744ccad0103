"""The parts that weigh a sentence: kinds of question, statements, coverage, follow-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.answer.coverage import coverage, units_of
from rag.answer.kinds import Asked, asked_for, holds
from rag.answer.parts import parts_of
from rag.answer.statements import one_line, statement_spans
from rag.retrieve.followup import completed
from rag.retrieve.synonyms import variants
from rag.text.tokens import index_tokens
from rag.types import Question, Turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.types import Lang


def flat(tokens: Sequence[str]) -> list[float]:
    return [1.0] * len(tokens)


def covered(question: str, text: str) -> float:
    units = units_of(Question(text=question, lang="zh"), idf=flat)
    return coverage(units, frozenset(index_tokens(text)))


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("申报截止到什么时候？", Asked.TIME),
        ("数字经济占比多少", Asked.RATE),
        ("现在有多少家企业？", Asked.AMOUNT),
        ("How many firms moved in?", Asked.AMOUNT),
        ("什么是新质生产力？", Asked.ANYTHING),
        ("奖金有多少？", Asked.AMOUNT),
    ],
)
def test_the_kind_that_a_question_asks_for_is_told_by_its_words(question: str, asked: Asked) -> None:
    assert asked_for(question) is asked


@pytest.mark.parametrize(
    ("question", "sentence", "fits"),
    [
        ("截止到哪天？", "申报时间为2025年", False),
        ("截止到哪天？", "受理至11月9日17:00", True),
        ("有多少家企业？", "企业数量增长12%", False),
        ("有多少家企业？", "已有57家企业入驻", True),
        ("2024年新增多少家？", "2024年全面推进", False),
        ("最多支持多少万元？", "单个文件不超过5M", False),
        ("最多支持多少万元？", "最高补助300万元", True),
        ("航线有多长？", "飞行只要12分钟", False),
    ],
)
def test_a_sentence_fits_when_it_holds_what_is_asked_for(question: str, sentence: str, fits: bool) -> None:
    assert holds(sentence, asked=asked_for(question), question=question) is fits


def test_headings_and_their_line_are_one_statement() -> None:
    text = "三、申报方式。\n（二）网上申报时间\n\n11月3日9:00至11月9日17:00；\n逾期不受理。"
    statements = [one_line(text[span.start : span.end]) for span in statement_spans(text)]
    assert "三、申报方式。 （二）网上申报时间 11月3日9:00至11月9日17:00；" in statements


def test_a_byline_or_source_line_is_no_heading() -> None:
    text = "转载自：江城日报\n■本报记者 李明\n本市新增示范企业三十家。"
    assert [text[span.start : span.end] for span in statement_spans(text)] == ["本市新增示范企业三十家。"]


def test_words_in_other_places_cover_a_question_whose_pairs_they_do_not_hold() -> None:
    assert covered("网上申报截止", "申报一律在网上进行，截止日期另行通知") == pytest.approx(1.0)


def test_another_name_of_the_same_thing_covers_it() -> None:
    assert covered("全市GDP", "全市实现地区生产总值四万亿元") == pytest.approx(1.0)


def test_a_text_about_something_else_covers_nothing() -> None:
    assert covered("全市用电量", "人工智能企业集聚") == 0.0


def test_names_are_replaced_all_at_once_in_a_variant() -> None:
    assert variants("规上企业gdp")[:2] == ("规上企业gdp", "规模以上企业地区生产总值")


def test_a_latin_name_inside_a_word_is_no_name() -> None:
    assert variants("paint the detail") == ("paint the detail",)


def test_a_follow_up_that_points_back_takes_the_question_before_it_along() -> None:
    history = (Turn(role="user", content="澄川的外骨骼卖多少钱？"), Turn(role="assistant", content="……"))
    assert completed(Question(text="那它有多重？", lang="zh", history=history)) == "澄川的外骨骼卖多少钱？ 那它有多重？"


def test_a_question_that_begins_with_among_them_leans_on_the_one_before() -> None:
    history = (Turn(role="user", content="前三季度全市产值增长多少？"),)
    question = Question(text="其中集成电路制造业同比增长多少？", lang="zh", history=history)
    assert completed(question).startswith("前三季度")


def test_a_question_that_stands_alone_stays_alone() -> None:
    history = (Turn(role="user", content="澄川的外骨骼卖多少钱？"),)
    question = Question(text="前三季度全市工业投资增长多少？", lang="zh", history=history)
    assert completed(question) == question.text


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("培训班有多少党员参加，动员是谁讲的？", ["培训班有多少党员参加", "动员是谁讲的"]),
        ("How much was invested, and when did it start?", ["How much was invested", "and when did it start"]),
        ("今年以来，全市新增多少家企业？", ["今年以来，全市新增多少家企业？"]),
    ],
)
def test_a_question_that_asks_several_things_has_as_many_parts(question: str, parts: list[str]) -> None:
    lang: Lang = "en" if question.isascii() else "zh"
    assert [part.text for part in parts_of(Question(text=question, lang=lang))] == parts


def test_a_numbered_heading_with_a_full_stop_belongs_to_what_it_heads() -> None:
    text = "一、奖励对象。在本区注册的企业。二、奖励标准。按合同金额的20%给予奖励。"
    statements = [text[span.start : span.end] for span in statement_spans(text)]
    assert statements == ["一、奖励对象。在本区注册的企业。", "二、奖励标准。按合同金额的20%给予奖励。"]
