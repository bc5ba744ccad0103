"""What keeps one article, or one story told twice, from filling the top, on candidates made by hand."""

from __future__ import annotations

from dataclasses import replace

from rag.retrieve.diversity import Collapse, Spread
from rag.retrieve.search import Search
from rag.search_types import Candidate
from rag.types import Article, Chunk, FusedHit, Question


def candidate(article_id: str, text: str, score: float = 0.5, at: int = 0) -> Candidate:
    chunk_id = f"{article_id}@{at}"
    return Candidate(
        chunk=Chunk(chunk_id=chunk_id, article_id=article_id, start=at, end=at + len(text), header="题", text=text),
        article=Article(
            article_id=article_id, page_id=article_id, title="题", text=text, source_path="a.txt", lang="zh"
        ),
        hit=FusedHit(chunk_id=chunk_id, score=score, rank=1, origins={"lexical": 1}),
    )


def search(*rows: Candidate) -> Search:
    return Search(question=Question(text="问", lang="zh"), k=8, text="问", candidates=rows)


def spread(*rows: Candidate) -> list[str]:
    return [row.chunk.chunk_id for row in Spread().run(search(*rows)).candidates]


def collapse(*rows: Candidate) -> tuple[Candidate, ...]:
    return Collapse().run(search(*rows)).candidates


def test_a_further_chunk_of_one_article_yields_to_others_within_a_margin() -> None:
    rows = [candidate("x", "甲", 0.9, 0), candidate("x", "乙", 0.8, 1), candidate("x", "丙", 0.8, 2)]
    assert spread(*rows, candidate("y", "丁", 0.3)) == ["x@0", "y@0", "x@1", "x@2"]


def test_a_further_chunk_of_one_article_stays_before_clearly_weaker_articles() -> None:
    rows = [candidate("x", "甲", 0.9, 0), candidate("x", "乙", 0.8, 1), candidate("x", "丙", 0.8, 2)]
    assert spread(*rows, candidate("y", "丁", 0.05)) == ["x@0", "x@1", "x@2", "y@0"]


def test_more_is_read_of_an_article_in_another_language() -> None:
    rows = [candidate("x", "甲", 0.9, 0), candidate("x", "乙", 0.8, 1), candidate("y", "丁", 0.3)]
    foreign = [replace(row, article=replace(row.article, lang="en")) for row in rows]
    assert spread(*foreign) == ["x@0", "x@1", "y@0"]


def test_the_same_passage_in_two_articles_collapses_whatever_its_punctuation() -> None:
    first = candidate("x", "截至去年底，全市共有专精特新企业一万二千余家，居全国第三位。")
    second = candidate("y", "截至去年底,全市共有专精特新企业一万二千余家,居全国第三位!")
    assert collapse(first, second) == (replace(first, also=("y",)),)


def test_two_passages_of_one_article_never_collapse() -> None:
    text = "同一段话在一篇文章里出现了两次，两处都可以引用。"
    rows = (candidate("x", text, at=0), candidate("x", text, at=100))
    assert collapse(*rows) == rows


def test_different_figures_in_one_pattern_do_not_collapse() -> None:
    assert len(collapse(candidate("x", "第一季度产值增长百分之五"), candidate("y", "第二季度投资下降百分之三"))) == 2
