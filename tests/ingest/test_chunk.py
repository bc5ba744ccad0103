"""Chunks: they cover every sentence, stay within their sizes, and never cut a figure."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.chunk import MAX_CHARS, chunk_article
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
    text = f"{SENTENCE * 3}\n申报条件与材料\n{SENTENCE}"
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
