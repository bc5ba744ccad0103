"""Slips of characters that sound alike, and questions in other scripts and widths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.assembly import open_assistant
from rag.config import Settings
from rag.retrieve.homophones import homophones
from rag.retrieve.search import Search
from rag.retrieve.spelling import Mending
from rag.search_types import Query
from rag.types import Question

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

KNOWN = {"璞烯", "烯晶", "晶项", "项目", "工业", "业投", "投资"}


def idf(tokens: Sequence[str]) -> list[float]:
    return [2.0 if token in KNOWN else 9.0 for token in tokens]


def queries(text: str) -> list[tuple[str, str]]:
    search = Search(
        question=Question(text=text, lang="zh"), k=5, text=text, queries=(Query(text=text, origin="asked"),)
    )
    return [(query.origin, query.text) for query in Mending(idf=idf).run(search).queries]


def test_homophones_are_read_alike_and_near_sounds_count() -> None:
    assert "烯" in homophones("希")
    assert "希" not in homophones("希")
    assert "占" in homophones("脏")
    assert "亲" in homophones("青")
    assert homophones("A") == ()


def test_a_character_that_the_index_knows_beside_no_neighbour_is_mended() -> None:
    assert queries("璞希晶项目") == [("asked", "璞希晶项目"), ("mended", "璞烯晶项目")]


@pytest.mark.parametrize("text", ["璞烯晶项目", "工业投资", "ABC 123", "完全未知之词", "项", "璞希晶" * 100])
def test_nothing_is_mended_where_nothing_is_wrong_or_nothing_better_is_known(text: str) -> None:
    assert queries(text) == [("asked", text)]


@pytest.mark.parametrize(
    "other",
    ["前三季度上海的工業投資增長了多少？", "前三季度上海的工业投资增长了多少?", "前三季度上海的工业投资僧长了多少？"],
)
def test_traditional_forms_widths_and_slips_find_the_same_first_passage(sample_index: Path, other: str) -> None:
    with open_assistant(Settings(index=sample_index)) as assistant:
        plain, _ = assistant.search("前三季度上海的工业投资增长了多少？", k=5)
        found, _ = assistant.search(other, k=5)
    assert found[0].chunk_id == plain[0].chunk_id


def test_a_traditional_question_finds_the_same_five_passages(sample_index: Path) -> None:
    with open_assistant(Settings(index=sample_index)) as assistant:
        found = [
            [hit.chunk_id for hit in assistant.search(text, k=5)[0]]
            for text in ("請問去年機器人產業的規模有多大？", "请问去年机器人产业的规模有多大？")
        ]
    assert found[0] == found[1]
