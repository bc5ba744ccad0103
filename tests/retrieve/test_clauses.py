"""Within a notice the clause that holds what is asked comes first; everything else stays where it was."""

from __future__ import annotations

from datetime import date

import pytest

from rag.retrieve.clauses import Clauses, asked_kinds
from rag.retrieve.search import Search
from rag.search_types import Candidate
from rag.types import Article, Chunk, Contact, Event, FusedHit, Particulars, Question, Span

OPENING = "关于征集澄川市低空配送试点的通知\n各有关单位：为发展低空经济，现启动2026年度试点征集工作。\n"
WHO = "一、征集对象：在澄川市注册、具有独立法人资格的企业。\n"
HOW = "二、申报方式：登录 https://pilot.example.org 在线填写申报书并上传附件。\n"
UNTIL = "三、申报材料应于2026年3月20日17:00前提交，逾期不予受理。\n"
WHOM = "四、联系人：钱老师 23110000。\n"
TEXT = OPENING + WHO + HOW + UNTIL + WHOM


def article(flags: tuple[str, ...] = ("notice",)) -> Article:
    at = TEXT.index("23110000")
    phone = Contact(kind="phone", value="23110000", span=Span(start=at, end=at + 8))
    day, last = TEXT.index("2026年3月20日"), date(2026, 3, 20)
    deadline = Event(kind="deadline", first=last, last=last, span=Span(start=day, end=day + 10))
    return Article(
        article_id="n",
        page_id="n",
        title="关于征集澄川市低空配送试点的通知",
        text=TEXT,
        source_path="n.md",
        lang="zh",
        flags=flags,
        particulars=Particulars(events=(deadline,), contacts=(phone,)),
    )


def candidate(part: str, score: float, *, of: Article) -> Candidate:
    start = of.text.index(part)
    chunk = Chunk(
        chunk_id=f"{of.article_id}@{start}",
        article_id=of.article_id,
        start=start,
        end=start + len(part),
        text=part,
        header=of.title,
    )
    return Candidate(chunk=chunk, article=of, hit=FusedHit(chunk_id=chunk.chunk_id, score=score, rank=1, origins={}))


def first(question: str, *, of: Article) -> str:
    scores = {OPENING: 0.9, WHO: 0.8, HOW: 0.7, UNTIL: 0.6, WHOM: 0.5}
    rows = tuple(candidate(part, score, of=of) for part, score in scores.items())
    search = Search(question=Question(text=question, lang="zh"), k=5, text=question, candidates=rows)
    found = Clauses().run(search).candidates
    assert [row.hit.score for row in found] == list(scores.values())
    return found[0].chunk.text


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("低空配送试点征集到什么时候截止？", UNTIL),
        ("哪些企业可以申报低空配送试点？", WHO),
        ("低空配送试点怎么申报，在哪里提交？", HOW),
        ("低空配送试点申报有问题找谁咨询？", WHOM),
        ("When is the deadline for the drone delivery pilot?", UNTIL),
        ("Who can apply for the drone delivery pilot?", WHO),
        ("How do we apply for the drone delivery pilot?", HOW),
        ("低空配送试点是什么？", OPENING),
    ],
)
def test_the_clause_that_holds_what_is_asked_comes_first(question: str, clause: str) -> None:
    assert first(question, of=article()) == clause


def test_the_parts_of_other_articles_keep_their_order() -> None:
    assert first("低空配送试点征集到什么时候截止？", of=article(flags=())) == OPENING


def test_an_unlikely_clause_stays_behind() -> None:
    of = article()
    rows = (candidate(OPENING, 0.9, of=of), candidate(UNTIL, 0.01, of=of))
    search = Search(question=Question(text="何时截止", lang="zh"), k=5, text="征集到什么时候截止？", candidates=rows)
    assert Clauses().run(search).candidates == rows


def test_a_question_about_nothing_of_a_notice_asks_no_clause() -> None:
    assert asked_kinds("2023年全市工业总产值是多少？") == ()
