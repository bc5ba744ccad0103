"""Cleaned text maps back to its page: every character stands there, and what the page holds beside is known."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.ingest_losses import pages_of, report
from rag.ingest.raw_spans import left_out, raw_pieces, unmapped
from rag.ingest.read import read_pages
from rag.ingest.split import split_page

PAGES = sorted(path for path in (Path(__file__).parent / "pages").iterdir() if path.suffix in {".txt", ".md"})
ORIGIN = "来源："


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_character_of_the_written_pages_articles_stands_in_the_page(path: Path) -> None:
    for page in read_pages(path):
        for article in split_page(page, {}):
            pieces = raw_pieces(article.text, page.text)
            assert unmapped(article.text, pieces) in ("", ORIGIN)
            for piece in pieces:
                raw = squeezed(page.text[piece.raw_start : piece.raw_end])
                assert raw == squeezed(article.text[piece.start : piece.end])


def test_a_sentence_that_a_column_cut_is_two_pieces() -> None:
    raw = "江湾区今年新建三座\n\n（摄影：张三）\n\n邻里中心，年底前全部开放。"
    text = "江湾区今年新建三座邻里中心，年底前全部开放。"
    first, second = raw_pieces(text, raw)
    assert raw[first.raw_start : first.raw_end] == "江湾区今年新建三座"
    assert raw[second.raw_start : second.raw_end] == "邻里中心，年底前全部开放。"
    assert left_out(raw, [first, second]) == ["（摄影：张三）"]


def test_a_word_that_the_page_does_not_hold_is_in_no_piece() -> None:
    raw, text = "产量三百吨。", "产量四百吨。"
    assert unmapped(text, raw_pieces(text, raw)) == "四"


@given(st.text(alphabet="甲乙丙 \n\r\t\u200b", max_size=60))
def test_layout_never_matters(raw: str) -> None:
    text = squeezed(raw).replace("\u200b", "")
    assert unmapped(text, raw_pieces(text, raw)) == ""


@pytest.mark.skipif("HUWEN_CORPUS" not in os.environ, reason="HUWEN_CORPUS names no folder of real documents")
def test_nothing_of_the_real_pages_is_lost_or_made_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(pages_of(Path(os.environ["HUWEN_CORPUS"])), shows_lines=False), capsys.readouterr().out
