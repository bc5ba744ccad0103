"""Neighbouring chunks in one passage, on candidates cut from articles made by hand."""

from __future__ import annotations

from rag.retrieve.merging import BUDGET, SHOWN, Merging
from rag.retrieve.search import Search
from rag.search_types import Candidate
from rag.types import Article, Chunk, FusedHit, Question


def article(article_id: str, length: int = 4000) -> Article:
    text = "".join(chr(0x4E00 + at % 2000) for at in range(length))
    return Article(article_id=article_id, page_id=article_id, title="题", text=text, source_path="a", lang="zh")


def candidate(source: Article, start: int, end: int, score: float) -> Candidate:
    chunk_id = f"{source.article_id}@{start}"
    return Candidate(
        chunk=Chunk(
            chunk_id=chunk_id,
            article_id=source.article_id,
            start=start,
            end=end,
            header="题",
            text=source.text[start:end],
        ),
        article=source,
        hit=FusedHit(chunk_id=chunk_id, score=score, rank=1, origins={}),
    )


def merged(*rows: Candidate) -> list[tuple[str, int, int]]:
    search = Search(question=Question(text="问", lang="zh"), k=8, text="问", candidates=rows)
    found = Merging().run(search).candidates
    for row in found:
        assert row.chunk.text == row.article.text[row.chunk.start : row.chunk.end]
    return [(row.chunk.chunk_id, row.chunk.start, row.chunk.end) for row in found]


def others(count: int, score: float) -> list[Candidate]:
    return [candidate(article(f"o{at}"), 0, 300, score) for at in range(count)]


def test_neighbours_become_one_passage_under_the_name_of_the_better() -> None:
    notice = article("n")
    found = merged(candidate(notice, 400, 800, 0.9), candidate(notice, 0, 399, 0.5), *others(4, 0.4))
    assert found[0] == ("n@400", 0, 800)
    assert len(found) == SHOWN


def test_a_passage_that_grew_over_a_gap_holds_what_lies_between() -> None:
    notice = article("n")
    found = merged(candidate(notice, 0, 300, 0.9), candidate(notice, 500, 800, 0.5), *others(4, 0.4))
    assert found[0] == ("n@0", 0, 800)


def test_a_chunk_far_away_stays_a_passage_of_its_own() -> None:
    plan = article("p")
    found = merged(candidate(plan, 0, 300, 0.9), candidate(plan, 2000, 2300, 0.8), *others(3, 0.4))
    assert [row[0] for row in found[:2]] == ["p@0", "p@2000"]


def test_the_first_five_passages_stay_within_the_budget_and_stay_five() -> None:
    plan = article("p")
    rows = [candidate(plan, at, at + 480, 0.9 - at / 10_000) for at in range(0, 3840, 480)]
    found = merged(*rows, *others(6, 0.3))
    assert len(found) >= SHOWN
    assert sum(end - start for _, start, end in found[:SHOWN]) <= BUDGET


def test_what_a_passage_holds_is_no_passage_again() -> None:
    notice = article("n")
    found = merged(candidate(notice, 0, 400, 0.9), *others(7, 0.4), candidate(notice, 400, 800, 0.3))
    assert found[0] == ("n@0", 0, 800)
    assert "n@400" not in [row[0] for row in found]


def test_a_neighbour_that_says_nothing_to_the_question_is_left_out() -> None:
    notice = article("n")
    found = merged(candidate(notice, 0, 400, 0.9), *others(4, 0.4), candidate(notice, 400, 800, 0.001))
    assert found[0] == ("n@0", 0, 400)
