"""Fusion and order, against values computed by hand."""

from __future__ import annotations

from rag.retrieve.diversity import collapse, spread
from rag.retrieve.query import content_words
from rag.retrieve.ranking import fuse, ranked
from rag.types import Chunk, Hit


def hit(chunk_id: str, score: float, rank: int = 1) -> Hit:
    return Hit(chunk_id=chunk_id, score=score, rank=rank)


def chunk(article_id: str, text: str, at: int = 0) -> Chunk:
    return Chunk(
        chunk_id=f"{article_id}@{at}", article_id=article_id, start=at, end=at + len(text), header="题", text=text
    )


def test_fusion_adds_the_weighted_cosine_to_the_lexical_share() -> None:
    scores = fuse([hit("a", 0.6), hit("b", 0.2)], [hit("b", 0.9), hit("c", 0.5)], dense_weight=0.3)
    assert scores == {"a": 0.6, "b": 0.2 + 0.3 * 0.9, "c": 0.3 * 0.5}


def test_a_negative_cosine_takes_nothing_away() -> None:
    assert fuse([hit("a", 0.1)], [hit("a", -0.4)], dense_weight=0.3) == {"a": 0.1}


def test_equal_scores_are_ordered_by_chunk_id() -> None:
    assert ranked({"c": 0.5, "a": 0.5, "b": 0.7}) == [("b", 0.7), ("a", 0.5), ("c", 0.5)]


def test_a_third_chunk_of_one_article_yields_to_others_within_a_margin() -> None:
    chunks = [
        (chunk("x", "甲", 0), 0.9),
        (chunk("x", "乙", 1), 0.8),
        (chunk("x", "丙", 2), 0.8),
        (chunk("y", "丁"), 0.7),
    ]
    assert [(row.chunk_id, round(score, 3)) for row, score in spread(chunks, k=4)] == [
        ("x@0", 0.9),
        ("x@1", 0.8),
        ("y@0", 0.7),
        ("x@2", 0.6),
    ]


def test_a_third_chunk_of_one_article_stays_before_clearly_weaker_articles() -> None:
    chunks = [
        (chunk("x", "甲", 0), 0.9),
        (chunk("x", "乙", 1), 0.8),
        (chunk("x", "丙", 2), 0.8),
        (chunk("y", "丁"), 0.2),
    ]
    assert [row.chunk_id for row, _ in spread(chunks, k=3)] == ["x@0", "x@1", "x@2"]


def test_the_same_passage_in_two_articles_collapses_whatever_its_punctuation() -> None:
    first = chunk("x", "截至去年底，全市共有专精特新企业一万二千余家，居全国第三位。")
    second = chunk("y", "截至去年底,全市共有专精特新企业一万二千余家,居全国第三位!")
    assert collapse([first, second]) == [(first, ("y",))]


def test_two_passages_of_one_article_never_collapse() -> None:
    text = "同一段话在一篇文章里出现了两次，两处都可以引用。"
    rows = [chunk("x", text, 0), chunk("x", text, 100)]
    assert [row for row, _ in collapse(rows)] == rows


def test_different_figures_in_one_pattern_do_not_collapse() -> None:
    rows = [chunk("x", "第一季度产值增长百分之五"), chunk("y", "第二季度投资下降百分之三")]
    assert len(collapse(rows)) == 2


def test_the_frame_of_a_question_is_no_content() -> None:
    assert content_words("请问补贴标准是多少？", lang="zh").split() == ["补贴标准", "？"]
    assert content_words("How many firms are there in Lingang?", lang="en").split() == ["firms", "Lingang?"]


def test_a_question_that_is_all_frame_stays_as_it_is() -> None:
    assert content_words("是什么？", lang="zh") == "是什么？"
