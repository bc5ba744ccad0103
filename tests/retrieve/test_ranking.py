"""Fusion and order, against values computed by hand."""

from __future__ import annotations

from rag.retrieve.query import content_words
from rag.retrieve.ranking import fuse, ranked
from rag.types import Hit


def hit(chunk_id: str, score: float, rank: int = 1) -> Hit:
    return Hit(chunk_id=chunk_id, score=score, rank=rank)


def test_fusion_adds_the_weighted_cosine_to_the_lexical_share() -> None:
    scores = fuse([hit("a", 0.6), hit("b", 0.2)], [hit("b", 0.9), hit("c", 0.5)], dense_weight=0.3)
    assert scores == {"a": 0.6, "b": 0.2 + 0.3 * 0.9, "c": 0.3 * 0.5}


def test_a_negative_cosine_takes_nothing_away() -> None:
    assert fuse([hit("a", 0.1)], [hit("a", -0.4)], dense_weight=0.3) == {"a": 0.1}


def test_equal_scores_are_ordered_by_chunk_id() -> None:
    assert ranked({"c": 0.5, "a": 0.5, "b": 0.7}) == [("b", 0.7), ("a", 0.5), ("c", 0.5)]


def test_the_frame_of_a_question_is_no_content() -> None:
    assert content_words("请问补贴标准是多少？", lang="zh").split() == ["补贴标准", "？"]
    assert content_words("How many firms are there in Lingang?", lang="en").split() == ["firms", "Lingang?"]


def test_a_question_that_is_all_frame_stays_as_it_is() -> None:
    assert content_words("是什么？", lang="zh") == "是什么？"
