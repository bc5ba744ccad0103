"""What every embedding back-end must do alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from rag.protocols import Embedder
    from rag.types import Kind

TEXTS = [
    "前三季度上海GDP是多少？",
    "The city plans 300 new charging stations by 2027.",
    "临港新片区发布智能网联汽车行动计划。",
    "一",
    "工业增加值同比增长5.2%，高于全国平均水平。" * 3,
]


def test_vectors_are_float32_of_the_stated_shape(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS, kind="document")
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), embedder.dimension)


def test_rows_have_unit_norm(embedder: Embedder) -> None:
    norms = np.linalg.norm(embedder.embed(TEXTS, kind="document"), axis=1)
    assert norms == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed([], kind="query").shape == (0, embedder.dimension)


@pytest.mark.parametrize("blank", ["", "  \n\t"])
def test_a_blank_text_gives_a_zero_row_and_leaves_the_others_alone(embedder: Embedder, blank: str) -> None:
    vectors = embedder.embed([TEXTS[0], blank, TEXTS[1]], kind="document")
    assert not vectors[1].any()
    assert vectors[[0, 2]] == pytest.approx(embedder.embed(TEXTS[:2], kind="document"), abs=1e-5)


def test_a_very_long_text_is_embedded(embedder: Embedder) -> None:
    vector = embedder.embed(["上海发布产业政策。policy " * 20_000], kind="document")
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)


def test_rows_follow_the_order_of_the_texts(embedder: Embedder) -> None:
    forward = embedder.embed(TEXTS, kind="document")
    backward = embedder.embed(TEXTS[::-1], kind="document")
    assert backward[::-1] == pytest.approx(forward, abs=1e-5)


def test_one_text_alone_and_among_many_gets_the_same_vector(embedder: Embedder) -> None:
    many = embedder.embed([TEXTS[at % len(TEXTS)] + str(at) for at in range(150)], kind="document")
    for at in (0, 70, 149):
        alone = embedder.embed([TEXTS[at % len(TEXTS)] + str(at)], kind="document")
        assert many[at] == pytest.approx(alone[0], abs=1e-5)


def test_the_same_call_gives_the_same_bytes(embedder: Embedder) -> None:
    assert embedder.embed(TEXTS, kind="query").tobytes() == embedder.embed(TEXTS, kind="query").tobytes()


def test_different_texts_get_different_vectors(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS, kind="document")
    assert (vectors @ vectors.T - np.eye(len(TEXTS))).max() < 0.9999


@pytest.mark.parametrize("kind", ["query", "document"])
def test_both_kinds_are_accepted(embedder: Embedder, kind: Kind) -> None:
    assert embedder.embed(TEXTS[:1], kind=kind).shape == (1, embedder.dimension)


@pytest.mark.parametrize("odd", ["\ud800孤立代理项", "\x00上海", "👩‍👩‍👧‍👦 上海", "ﬁｎａｎｃｅ　上海"])
def test_odd_characters_do_no_harm(embedder: Embedder, odd: str) -> None:
    assert np.isfinite(embedder.embed([odd], kind="query")).all()


def test_identity_is_one_line_and_stays(embedder: Embedder) -> None:
    assert embedder.identity == embedder.identity
    assert embedder.identity
    assert embedder.identity.split() == [embedder.identity]
