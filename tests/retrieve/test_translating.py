"""An English question over Chinese articles is also asked in Chinese, with words that the articles know."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from rag.assembly import explain_search, open_assistant, sync_index
from rag.config import Settings
from rag.contract import explanation_json
from rag.retrieve.hybrid import HybridRetriever, Switches
from rag.retrieve.search import Search
from rag.retrieve.translating import Translating
from rag.search_types import Query
from rag.types import Filters, Question, Term

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

KNOWN = {"港", "港口", "吞", "吐", "量", "吞吐", "吐量", "吞吐量"}
PORT = Term(source="harbour", options=(("海港", 0.6), ("港口", 0.4)))
CARGO = Term(source="throughput", options=(("吞吐量", 1.0),))


def idf(tokens: Sequence[str]) -> list[float]:
    return [1.0 if token in KNOWN else 9.0 for token in tokens]


def translated(text: str, *terms: Term) -> list[str]:
    question = Question(text=text, lang="en", terms=terms)
    search = Search(question=question, k=5, text=text, queries=(Query(text=text, origin="asked"),))
    return [query.text for query in Translating(idf=idf).run(search).queries if query.origin == "translated"]


def test_counterparts_that_the_articles_know_are_asked_for_with_the_figures_of_the_question() -> None:
    assert translated("harbour throughput in 2025", PORT, CARGO) == ["港口 吞吐量 2025"]


def test_a_question_without_counterparts_is_asked_once() -> None:
    assert translated("who is she") == []
    assert translated("a lighthouse", Term(source="lighthouse", options=(("灯塔", 1.0),))) == []


def test_words_of_an_earlier_turn_are_not_asked_for() -> None:
    assert translated("harbour", PORT, CARGO) == ["港口"]


@pytest.fixture
def shelf(tmp_path: Path) -> Settings:
    texts = {
        "port": "临海市港口吞吐量创下新高，全年达到三千万吨，码头新添四台岸桥。",
        "school": "临海市新建三所小学，九月开学，招收一千名学生。",
        "park": "临海市湿地公园开园，首日游客超过两万人次。",
    }
    folder = tmp_path / "docs"
    folder.mkdir()
    rows = [{"id": name, "title": name, "text": text, "published": "2025-03-01"} for name, text in texts.items()]
    (folder / "rows.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    settings = Settings(index=tmp_path / "index")
    sync_index(settings, [folder], progress=lambda _: None)
    return settings


def test_an_english_question_finds_and_quotes_the_chinese_article(shelf: Settings) -> None:
    with open_assistant(shelf) as assistant:
        answer = assistant.ask("What was the cargo throughput of the port?")
        assert answer.citations[0].page_id == "port"
        assert "三千万吨" in answer.text
        retriever = assistant.retriever
        assert isinstance(retriever, HybridRetriever)
        queries = retriever.searched(assistant.asked("How many pupils will the new schools take?"), k=3).queries
    assert any((query.origin == "translated" and "小学" in query.text) or "学生" in query.text for query in queries)


def test_the_stage_can_be_switched_off(shelf: Settings) -> None:
    with open_assistant(shelf, switches=Switches(translation=False)) as assistant:
        retriever = assistant.retriever
        assert isinstance(retriever, HybridRetriever)
        queries = retriever.searched(assistant.asked("the cargo throughput of the port"), k=3).queries
    assert {query.origin for query in queries} == {"asked"}


def test_every_counterpart_that_the_articles_know_is_a_way_of_saying_a_word() -> None:
    harbour = Term(source="Harbour", options=(("海港", 0.5), ("港口", 0.4), ("港", 0.1)))
    question = Question(text="Harbour throughput in 2025", lang="en", terms=(harbour, CARGO))
    search = Search(question=question, k=5, text=question.text, queries=(Query(text="x", origin="asked"),))
    (query,) = (query for query in Translating(idf=idf).run(search).queries if query.origin == "translated")
    assert [(group.source, [choice.text for choice in group.choices]) for group in query.groups] == [
        ("harbour", ["港口", "港"]),
        ("throughput", ["吞吐量"]),
        ("2025", ["2025"]),
    ]
    likeliest, other = query.groups[0].choices
    assert likeliest.weight == 1.0
    assert other.weight == pytest.approx(0.5)


def test_the_explanation_shows_what_was_translated(shelf: Settings) -> None:
    with open_assistant(shelf) as assistant:
        asked = "What was the cargo throughput of the port?"
        hits, _ = assistant.search(asked, k=3)
        why = explain_search(assistant, asked, hits, filters=Filters())
    assert "港口" in why.hits[hits[0].chunk_id].matched
    shown = json.loads(json.dumps(explanation_json(why)))
    (row,) = (row for row in shown["queries"] if row["origin"] == "translated")
    assert "港口" in row["translated"]["port"]
