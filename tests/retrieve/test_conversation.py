"""What a follow-up may mean, and that the search picks what it does mean."""

from __future__ import annotations

from pathlib import Path

from eval.metrics.ranking import page_recall
from eval.questions import load_questions
from eval.result import Passage
from rag.assembly import open_assistant
from rag.config import Settings
from rag.retrieve.conversation import better
from rag.retrieve.followup import completed, leans_back, ways
from rag.retrieve.search import Search
from rag.search_types import Candidate
from rag.types import Article, Chunk, FusedHit, Question, Turn

FOLLOW_UPS = Path(__file__).resolve().parents[2] / "eval" / "qa" / "followups.jsonl"
# Points of recall that a follow-up may lose against the same question written out.
MOST_LOST = 0.03


def asked(text: str, *turns: str) -> Question:
    history = tuple(Turn(role="assistant" if at % 2 else "user", content=row) for at, row in enumerate(turns))
    return Question(text=text, lang="zh", history=history)


def search(question: Question, score: float) -> Search:
    article = Article(article_id="a", page_id="a", title="", text="甲", source_path="a", lang="zh")
    chunk = Chunk(chunk_id="a@0", article_id="a", start=0, end=1, header="", text="甲")
    hit = FusedHit(chunk_id="a@0", score=score, rank=1, origins={})
    return Search(question=question, k=8, text="", candidates=(Candidate(chunk=chunk, article=article, hit=hit),))


def test_without_a_conversation_a_question_means_one_thing() -> None:
    assert ways(asked("它有多重？")) == ("它有多重？",)


def test_a_follow_up_may_be_meant_as_asked_or_with_the_question_before() -> None:
    assert ways(asked("盖章怎么弄，要交纸质的吗", "项目什么时候截止？", "11月9日。")) == (
        "盖章怎么弄，要交纸质的吗",
        "项目什么时候截止？ 盖章怎么弄，要交纸质的吗",
    )


def test_the_answer_takes_part_where_a_word_points_back_without_its_labels() -> None:
    assert (
        ways(asked("她多大了？", "这个牌子的创始人是谁？", "王某 [1]。"))[2]
        == "这个牌子的创始人是谁？ 王某。 她多大了？"
    )


def test_questions_that_lean_on_each_other_are_read_back_to_one_that_stands_alone() -> None:
    question = asked("季军呢", "今年的三人篮球赛谁赢了？", "甲队。", "亚军呢", "乙队。")
    assert completed(question) == "今年的三人篮球赛谁赢了？ 亚军呢 季军呢"


def test_an_endless_conversation_is_not_read_whole() -> None:
    turns = ["它呢" + "长" * 5000, "答" * 5000] * 40
    assert all(len(text) < 1500 for text in ways(asked("那它呢", *turns)))


def test_english_questions_that_begin_with_and_lean_back() -> None:
    assert leans_back("And when does the exhibition hall close?", lang="en")
    assert not leans_back("When does the Marintec exhibition hall close?", lang="en")


def test_the_likelier_meaning_wins_and_a_leaning_question_needs_more_to_stand_alone() -> None:
    plain, leaning = asked("海外订单规模有多大？", "甲？", "乙。"), asked("那它的规模呢？", "甲？", "乙。")
    assert better([search(plain, 0.6), search(plain, 0.5)]).candidates[0].hit.score == 0.6
    assert better([search(leaning, 0.6), search(leaning, 0.5)]).candidates[0].hit.score == 0.5
    assert better([search(leaning, 0.9), search(leaning, 0.5)]).candidates[0].hit.score == 0.9


def test_follow_ups_find_nearly_as_much_as_the_same_questions_written_out(corpus_index: Path) -> None:
    questions = load_questions([FOLLOW_UPS]).questions
    shares: dict[str, list[float]] = {"followed": [], "completed": []}
    with open_assistant(Settings(index=corpus_index)) as assistant:
        for row in questions:
            history = tuple(Turn(role=turn.role, content=turn.content) for turn in row.history)
            whole = str((row.model_extra or {})["completed"])
            forms = {
                "followed": assistant.asked(row.question, history=history),
                "completed": assistant.asked(whole),
            }
            for name, question in forms.items():
                found = [
                    Passage(rank=hit.rank, article_id=hit.article_id, page_id=hit.page_id, also=hit.also, text=hit.text)
                    for hit in assistant.retriever.retrieve(question, k=5)
                ]
                shares[name].append(page_recall(found, gold=row.gold, k=5) or 0.0)
    means = {name: sum(rows) / len(rows) for name, rows in shares.items()}
    assert means["followed"] >= means["completed"] - MOST_LOST, means
