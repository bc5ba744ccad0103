"""The time and place that a question names: read, compared with passages, and worth the first place."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from rag.assembly import open_assistant, sync_index
from rag.config import Settings
from rag.retrieve.constraints import Constraining, _lowered
from rag.retrieve.periods import Titles, asked_periods, chunk_periods, fit, period_agreement, without_periods
from rag.retrieve.places import place_agreement, places_in
from rag.retrieve.rerank_text import Readings
from rag.retrieve.search import Search
from rag.search_types import Candidate
from rag.text.periods import Period
from rag.types import Article, Chunk, Event, FusedHit, Particulars, Question, Span

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = date(2025, 11, 11)


def days(*parts: int) -> Period:
    return Period(first=date(*parts[:3]), last=date(*parts[3:]), precision="span")


YEAR, FIRST_QUARTER = days(2023, 1, 1, 2023, 12, 31), days(2023, 1, 1, 2023, 3, 31)
JULY = days(2023, 7, 1, 2023, 7, 31)


def asked(text: str) -> list[tuple[str, str]]:
    return [(str(row.first), str(row.last)) for row in asked_periods(text, as_of=AS_OF)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023年前三季度全市工业投资增长多少？", "2023-01-01", "2023-09-30"),
        ("去年上半年增速多少", "2024-01-01", "2024-06-30"),
        ("截至10月底有多少家？", "2025-10-01", "2025-10-31"),
        ("上周开了什么会", "2025-11-03", "2025-11-09"),
        ("How many were there as of March 2024?", "2024-03-01", "2024-03-31"),
    ],
)
def test_periods_of_a_question_count_from_its_day(text: str, first: str, last: str) -> None:
    assert asked(text) == [(first, last)]


@pytest.mark.parametrize("text", ["最近有什么进展？", "今天11月10日，还能报名吗？", "园区有多大？", ""])
def test_vague_words_and_the_day_of_asking_are_no_constraint(text: str) -> None:
    assert asked(text) == []


def test_a_question_without_its_periods_keeps_the_rest() -> None:
    assert without_periods("去年上半年澄川市的产值是多少？", as_of=AS_OF).split() == ["澄川市的产值是多少？"]


def test_the_same_days_fit_best_and_another_time_worst() -> None:
    assert fit(YEAR, YEAR) == 1.0 > fit(YEAR, JULY) > fit(JULY, YEAR) > fit(YEAR, FIRST_QUARTER)
    assert fit(FIRST_QUARTER, JULY) == fit(JULY, FIRST_QUARTER) == -1.0


def test_a_chunk_without_a_date_is_of_the_time_named_before_it() -> None:
    events = (
        Event(kind="period", first=date(2022, 1, 1), last=date(2022, 12, 31), span=Span(0, 5)),
        Event(kind="period", first=date(2023, 1, 1), last=date(2023, 12, 31), span=Span(10, 15)),
    )
    article = Article(article_id="a", page_id="a", title="", text="字" * 60, source_path="a", lang="zh",
                      particulars=Particulars(events=events))  # fmt: skip
    later = Chunk(chunk_id="a@30", article_id="a", start=30, end=60, header="", text="字" * 30)
    assert [row.first.year for row in chunk_periods(later, article)] == [2023]


def test_agreement_reads_chunk_and_title_then_the_day_of_publication() -> None:
    def agreement(named: list[Period], title: list[Period], published: date | None) -> float:
        return period_agreement([YEAR], named, title=title, published=published)

    assert agreement([YEAR], [YEAR], None) == 1.0
    assert agreement([YEAR], [], None) > agreement([YEAR], [days(2022, 1, 1, 2022, 12, 31)], None) > 0
    assert agreement([], [], date(2024, 1, 20)) > 0 > agreement([], [], date(2025, 1, 20))
    assert agreement([], [], None) == 0.0
    assert period_agreement([], [YEAR], title=[], published=None) == 0.0


def test_places_are_told_by_their_endings_and_words_that_only_look_so_are_none() -> None:
    assert places_in("请问澄川市南桥区的上市公司") == ("澄川", "南桥")
    assert places_in("广东和浙江哪个园区大") == ("广东", "浙江")
    assert places_in("全市化学工业区的市场、社区、开发区、高新区、本县、节日") == ()


def test_a_passage_of_the_place_fits_better_than_one_that_names_another() -> None:
    here = place_agreement(["澄川"], chunk="澄川市产值", article="")
    silent = place_agreement(["澄川"], chunk="产值", article="")
    elsewhere = place_agreement(["澄川"], chunk="南桥市产值", article="")
    assert here == 1.0 > place_agreement(["澄川"], chunk="产值", article="澄川") > silent > elsewhere


def candidate(article_id: str, title: str, score: float) -> Candidate:
    article = Article(
        article_id=article_id, page_id=article_id, title=title, text="产值增长", source_path="a", lang="zh"
    )
    chunk = Chunk(chunk_id=article_id, article_id=article_id, start=0, end=4, header=title, text="产值增长")
    hit = FusedHit(chunk_id=article_id, score=score, rank=1, origins={})
    return Candidate(chunk=chunk, article=article, hit=hit)


def constrained(text: str, *rows: Candidate) -> list[tuple[str, float]]:
    question = Question(text=text, lang="zh", as_of=AS_OF)
    found = Constraining(readings=Readings()).run(Search(question=question, k=5, text=text, candidates=rows))
    return [(row.chunk.chunk_id, round(row.hit.score, 6)) for row in found.candidates]


def test_the_candidate_of_the_right_time_comes_first_and_keeps_its_score() -> None:
    rows = candidate("a", "2022年产值", 0.9), candidate("b", "2023年产值", 0.6)
    found = constrained("2023年产值增长多少", *rows)
    assert found[0] == ("b", 0.6)
    assert found[1][0] == "a"
    assert found[1][1] < 0.2


def test_nothing_changes_where_no_plausible_candidate_fits_or_nothing_is_demanded() -> None:
    rows = candidate("a", "2022年产值", 0.9), candidate("b", "2021年产值", 0.6), candidate("c", "2023年其他", 0.01)
    assert constrained("2023年产值增长多少", *rows)[:2] == [("a", 0.9), ("b", 0.6)]
    assert constrained("产值增长多少", *rows) == [("a", 0.9), ("b", 0.6), ("c", 0.01)]


@pytest.mark.parametrize("score", [0.0, 1e-12, 0.5, 1.0])
def test_a_lowered_probability_stays_one(score: float) -> None:
    assert 0.0 <= _lowered(score, 30.0) <= _lowered(score, 0.0) <= 1.0


def test_titles_count_from_the_day_of_publication() -> None:
    article = Article(
        article_id="a", page_id="a", title="去年产值", text="", source_path="a", lang="zh", published=AS_OF
    )
    titles = Titles()
    assert [row.first.year for row in titles.periods(article)] == [2024]
    assert titles.periods(article) is titles.periods(article)


def test_of_sibling_reports_the_one_of_the_year_asked_for_comes_first(tmp_path: Path) -> None:
    rows = [
        {
            "id": f"r{year}",
            "title": "澄川市前三季度经济运行情况",
            "date": f"{year}-10-20",
            "text": f"今年前三季度，澄川市工业总产值{year % 7}123亿元，同比增长{year % 5}.4%，增速比去年同期加快。",
        }
        for year in range(2019, 2026)
    ]
    (tmp_path / "reports").mkdir()
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / "reports" / "all.jsonl").write_text("\n".join(lines), "utf-8")
    settings = Settings(index=tmp_path / "index")
    sync_index(settings, [tmp_path / "reports"], progress=lambda _: None)
    with open_assistant(settings) as assistant:
        for year in range(2019, 2026):
            assert assistant.search(f"{year}年前三季度澄川市工业总产值", k=5)[0][0].page_id == f"r{year}"
        found, _ = assistant.search("去年前三季度澄川市工业总产值", k=5, as_of=date(2023, 5, 1))
        assert found[0].page_id == "r2022"
