"""Where pages are cut, on the pages written for it and on the real ones."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import rag
from bench.ingest_boundaries import score, written_pages
from rag.ingest.read import read_pages
from rag.ingest.split import ORIGIN, split_page

if TYPE_CHECKING:
    from rag.types import Article

PAGES = written_pages()
# Words of the language and names of regions, which any text may hold.
WORDS = {"有限责任公司", "股份有限公司", "粤港澳大湾区"}
HAN_RUN = re.compile("[㐀-鿿]{6,}")
# What readers of an account are told, and no article says.
BOILERPLATE = re.compile(
    r"(?m)^.{0,4}(?:转载自|来源[:：]|觉得不错|欢迎转发|END|.{0,2}点击.{0,2}阅读原文|.{0,4}滑动查看)"
)


def corpus() -> Path:
    folder = os.environ.get("HUWEN_CORPUS")
    if folder is None:
        pytest.skip("HUWEN_CORPUS is not set")
    return Path(folder)


def real_articles() -> list[Article]:
    pages = [page for path in sorted(corpus().iterdir()) for page in read_pages(path)]
    return [article for page in pages for article in split_page(page, {})]


@pytest.mark.parametrize("held_out", [False, True])
def test_boundaries_of_the_written_pages_are_found_on_both_halves(held_out: bool) -> None:
    half = [row for row in PAGES if row.is_held_out is held_out]
    assert len(half) >= 15
    assert score(half).f1 >= 0.95


def test_the_real_newspaper_pages_hold_as_many_articles_as_a_reader_counts() -> None:
    counts: dict[str, int] = {}
    for article in real_articles():
        if article.page_id[:3] in {"000", "001", "002", "003"} and "teaser" not in article.flags:
            counts[article.page_id[:3]] = counts.get(article.page_id[:3], 0) + 1
    assert counts == {"000": 4, "001": 1, "002": 1, "003": 3}


def test_the_real_teasers_are_ten_and_none_is_dated_like_its_page() -> None:
    teasers = [article for article in real_articles() if "teaser" in article.flags]
    assert len(teasers) == 10
    assert {article.published for article in teasers} == {None}


def test_no_record_keeps_boilerplate() -> None:
    records = [article for article in real_articles() if article.url is not None]
    assert len(records) == 97
    # Whom an account took a text from is a fact: it stands in a line of its own at the end.
    bodies = {article.article_id: article.text.rpartition(f"\n{ORIGIN}")[0] or article.text for article in records}
    assert [article_id for article_id, body in bodies.items() if BOILERPLATE.search(body)] == []


def test_no_string_of_the_corpus_stands_in_the_code() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in corpus().iterdir())
    root = Path(rag.__path__[0]).parent
    found = [
        (path.name, run)
        for package in ("rag", "embeddings", "api", "eval", "prompts")
        for path in sorted((root / package).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for run in HAN_RUN.findall(node.value)
        if run in text and run not in WORDS
    ]
    assert found == []
