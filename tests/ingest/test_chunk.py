"""Chunks: they cover every sentence, stay within their sizes, and never cut a figure."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.chunk import MAX_CHARS, chunk_article
from rag.ingest.particulars import particulars_of
from rag.types import Article

SENTENCE = "前三季度，全市规模以上工业总产值同比增长5.7%，其中三大先导产业制造业产值增长8.5%。"


def article(text: str) -> Article:
    return Article(article_id="a", page_id="a", title="标题", text=text, source_path="a.txt", lang="zh")


def chunks(text: str, limit: int = 100) -> list[tuple[int, int, str]]:
    rows = chunk_article(article(text), count=len, limit=limit)
    return [(row.start, row.end, row.text) for row in rows]


def test_whole_sentences_are_packed_up_to_the_limit() -> None:
    rows = chunks(SENTENCE * 5, limit=2 * len(SENTENCE))
    assert [text for _, _, text in rows] == [SENTENCE * 2, SENTENCE * 2, SENTENCE]


def test_a_chunk_quotes_its_article() -> None:
    text = f"导语。\n{SENTENCE}\n\n{SENTENCE}"
    assert all(text[start:end] == quoted for start, end, quoted in chunks(text))


def test_a_section_begins_a_chunk_and_is_named_in_the_header() -> None:
    text = f"{SENTENCE * 6}\n申报条件与材料\n{SENTENCE}"
    rows = chunk_article(article(text), count=len, limit=400)
    assert [row.header for row in rows] == ["标题", "标题 · 申报条件与材料"]


def test_a_section_of_a_line_shares_its_chunk_with_the_next() -> None:
    text = f"时间地点\n{SENTENCE}\n申报条件与材料\n{SENTENCE}"
    assert len(chunk_article(article(text), count=len, limit=400)) == 1


def test_a_sentence_longer_than_the_limit_is_cut_at_clauses_and_never_inside_a_number() -> None:
    long = "，".join(f"第{n}项投资额达到1,234.5万元" for n in range(40)) + "。"
    rows = chunks(long, limit=60)
    assert "".join(text for _, _, text in rows) == long
    assert all(text.startswith("第") for _, _, text in rows)


def test_an_article_without_text_gives_one_empty_chunk() -> None:
    (row,) = chunk_article(article(""), count=len, limit=100)
    assert (row.chunk_id, row.start, row.end, row.text) == ("a@0", 0, 0, "")


@given(st.text(alphabet=st.sampled_from("上海增长5.7%，。；“”《》（）\n aB1,2"), max_size=1200), st.integers(32, 200))
def test_chunks_never_overlap_and_leave_out_only_white_space(text: str, limit: int) -> None:
    rows = chunk_article(article(text), count=len, limit=limit)
    at = 0
    for row in rows:
        assert not text[at : row.start].strip()
        assert len(row.text) <= min(limit, MAX_CHARS)
        at = row.end
    assert not text[at:].strip()


NOTICE = (
    "各有关单位：\n一、申报条件\n"
    + "".join(
        f"（{mark}）申报单位在本区注册满{n}年，具有独立法人资格，场地面积不少于一千平方米。经营状态正常，信用良好。\n"
        for n, mark in enumerate("一二三四五六七八", 1)
    )
    + "二、申报时间\n网上申报截止时间为9月30日17:00，逾期不予受理。\n三、联系方式\n联系人：方老师，电话：010-5550 1234。\n"
)


def test_clauses_stay_whole_where_they_fit() -> None:
    rows = chunk_article(article(NOTICE), count=len, limit=200)
    assert len(rows) > 2
    assert all(not row.text.startswith("经营状态") for row in rows)
    assert all(row.text.startswith(("各有关", "（", "一、", "二、", "三、")) for row in rows)


def test_a_title_is_never_the_end_of_a_chunk() -> None:
    for limit in range(100, 300, 20):
        rows = chunk_article(article(NOTICE), count=len, limit=limit)
        assert all(not row.text.endswith(("条件", "时间", "方式")) for row in rows)


def test_a_notice_repeats_its_last_day_where_a_chunk_does_not_hold_it() -> None:
    told = particulars_of(NOTICE, published=date(2023, 8, 30))
    notice = dataclasses.replace(article(NOTICE), flags=("notice",), particulars=told)
    rows = chunk_article(notice, count=len, limit=200)
    assert len(rows) > 2
    assert [row.header.endswith("至2023-09-30") for row in rows] == ["9月30日" not in row.text for row in rows]
    news = dataclasses.replace(notice, flags=())
    assert all("2023" not in row.header for row in chunk_article(news, count=len, limit=200))


def test_a_plan_is_cut_by_clause() -> None:
    text = "为了发展，制定本规划。\n" + "".join(f"（{n}）{SENTENCE * 3}\n" for n in range(1, 6))
    plan = dataclasses.replace(article(text), flags=("plan",))
    rows = chunk_article(plan, count=len, limit=480)
    assert [row.text[:3] for row in rows][-4:] == ["（2）", "（3）", "（4）", "（5）"]


@pytest.mark.parametrize(
    ("page_id", "title", "header"),
    [
        ("9f86d081884c7d65", "9f86d081884c7d65", ""),
        ("LJ-2025-0001", "LJ-2025-0001", ""),
        ("2024预算报告", "2024预算报告", "2024预算报告"),
        ("LJ-2025-0001", "港口吞吐量创新高", "港口吞吐量创新高"),
    ],
)
def test_an_id_that_says_nothing_is_no_header(page_id: str, title: str, header: str) -> None:
    article = Article(article_id=page_id, page_id=page_id, title=title, text="港口很忙。", source_path="x", lang="zh")
    (chunk,) = chunk_article(article, count=len, limit=256)
    assert chunk.header == header
