"""Why a passage was found: the pieces that match, and an explanation over a real index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.assembly import explain_search, open_assistant
from rag.config import Settings
from rag.contract import explanation_json
from rag.retrieve.explain import matched
from rag.search_types import Query
from rag.types import Filters

if TYPE_CHECKING:
    from pathlib import Path


def test_matched_pieces_are_as_long_as_they_stand_in_the_text_and_words_are_whole() -> None:
    queries = [Query(text="园区总面积 ai 型号", origin="asked"), Query(text="产业园 面积", origin="synonym")]
    assert matched(queries, "该园区面积很大，产业园said。") == ["园区", "面积", "产业园"]
    assert matched(queries, "ＡＩ园区總面積") == ["园区总面积", "ai", "面积"]


def test_every_hit_is_explained_by_words_arms_and_features(sample_index: Path) -> None:
    question = "前三季度上海的工业投资增长了多少？"
    with open_assistant(Settings(index=sample_index)) as assistant:
        hits, _ = assistant.search(question, k=5)
        why = explain_search(assistant, question, hits, filters=Filters())
    assert list(why.hits) == [hit.chunk_id for hit in hits]
    assert why.asked.queries[0].origin == "asked"
    first = why.hits[hits[0].chunk_id]
    assert any("投资" in piece for piece in first.matched)
    assert first.arms.keys() == hits[0].origins.keys()
    parts = [abs(value) for value in first.features.values()]
    assert parts == sorted(parts, reverse=True)
    table = explanation_json(why)
    assert set(table) == {"text", "queries", "hits"}


def test_scores_are_probabilities_in_order(sample_index: Path) -> None:
    with open_assistant(Settings(index=sample_index)) as assistant:
        hits, _ = assistant.search("前三季度上海的工业投资增长了多少？", k=8)
    scores = [hit.score for hit in hits]
    assert all(0.0 <= score <= 1.0 for score in scores)
    assert scores == pytest.approx(sorted(scores, reverse=True))
