"""Answers made elsewhere are read as ask objects and scored by the same code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from eval.drafts import accept_draft, add_draft
from eval.offline import OutsideAnswer, outside_result, read_answers
from eval.outside import score_outside, write_prompts
from eval.questions import load_questions
from eval.records import read_run
from eval.result import Result, read_result
from rag.contract import answer_json
from rag.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from eval.assistant import Assistant
    from eval.questions import QuestionSet

QUESTION = "上海2023年战略性新兴产业占比是多少？"


def read(shelf: Assistant, answer: str, *, refused: bool | None = None) -> Result:
    own = shelf.ask(QUESTION)
    outside = OutsideAnswer(id="q", answer=answer, refused=refused)
    return read_result(outside_result(outside, asked=answer_json(own), passages=own.passages, name="m"))


def test_labels_are_renumbered_by_first_use_and_lead_to_their_passages(shelf: Assistant) -> None:
    result = read(shelf, "占比为43.9%。[3] GDP为4.72万亿元[1][3]。[9]")
    passages = {row.rank: row.label for row in result.passages}
    assert result.answer == "占比为43.9%。[1] GDP为4.72万亿元[2][1]。"
    assert (passages[3], passages[1], passages[2]) == (1, 2, None)
    assert [(row.text, row.labels) for row in result.claims] == [("占比为43.9%", (1,)), ("GDP为4.72万亿元", (2, 1))]
    assert all(shelf.article(row.article_id).text[row.start : row.end] == row.quote for row in result.citations)


@pytest.mark.parametrize("marks", ["[1][2]", "【1】【2】", "[^1][^2]", "[1,2]", "[1-2]", "[1、2]"])
def test_marks_in_the_forms_that_models_use_are_read(shelf: Assistant, marks: str) -> None:
    result = read(shelf, f"占比为43.9%。{marks}")
    assert (result.answer, len(result.citations)) == ("占比为43.9%。[1][2]", 2)


@pytest.mark.parametrize(
    "answer",
    ["REFUSE: weak_evidence", "资料没有提到。", "The articles do not say.", "", "没有找到相关内容"],
)
def test_a_refusal_in_any_usual_wording_is_one(shelf: Assistant, answer: str) -> None:
    assert read(shelf, answer).status == "refused"


def test_a_false_premise_keeps_its_correction(shelf: Assistant) -> None:
    result = read(shelf, "REFUSE: false_premise\n占比是43.9%[1]。")
    assert (result.reason, result.refused, result.said) == ("false_premise", False, "占比是43.9%[1]。")


def test_what_the_file_says_of_refusal_wins(shelf: Assistant) -> None:
    assert read(shelf, "资料没有提到。", refused=False).status == "answered"
    assert read(shelf, "占比43.9%", refused=True).status == "refused"


def test_outside_answers_make_a_run_like_any_other(shelf: Assistant, question_set: QuestionSet, tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    rows = [{"id": "q1", "answer": "43.9%[1]"}, {"id": "q2", "answer": "5.6%"}, {"id": "q5", "answer": "资料没有提到"}]
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    done = score_outside(question_set, read_answers(path), assistant=shelf, out=tmp_path, name=path.name, settings={})
    run = read_run(done.folder)
    assert run.manifest["llm"] == "outside:answers.jsonl"
    assert run.summary["metrics"]["fallbacks"] == 0.0  # type: ignore[index, call-overload]
    assert [item.metrics.get("answer_accuracy") for item in run.items] == [1.0, 0.0, None, None, 1.0]
    assert run.items[2].error == "HarnessError: `answers.jsonl` has no answer to `q3`"


def test_a_broken_answers_file_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text('{"id": "a", "answer": "x"}\n{"id": "b"}\n', "utf-8")
    with pytest.raises(UsageError, match=r"answers\.jsonl` line 2"):
        read_answers(path)


def test_prompts_are_one_line_a_question(shelf: Assistant, question_set: QuestionSet, tmp_path: Path) -> None:
    out = tmp_path / "sub" / "prompts.jsonl"
    assert write_prompts(question_set, assistant=shelf, out=out) == 5
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["q1", "q2", "q3", "q4", "q5"]
    assert rows[0]["passages"][0]["number"] == 1


def test_a_marked_answer_waits_as_a_draft_until_a_person_completes_it(shelf: Assistant, tmp_path: Path) -> None:
    drafts, into = tmp_path / "d" / "drafts.jsonl", tmp_path / "set.jsonl"
    result = answer_json(shelf.ask(QUESTION))
    draft_id = add_draft(drafts, result=result, note="错了")
    assert add_draft(drafts, result=result, note="又错了") == draft_id
    assert [row.type for row in load_questions([drafts]).questions] == ["draft"]
    with pytest.raises(UsageError, match="needs `key_points` and `gold`"):
        accept_draft(drafts, draft_id=draft_id, into=into)
    row = json.loads(drafts.read_text("utf-8")) | {"key_points": [["43.9%"]], "gold": ["p1"], "answer": "43.9%"}
    drafts.write_text(json.dumps(row) + "\n", "utf-8")
    accept_draft(drafts, draft_id=draft_id, into=into)
    assert load_questions([into]).questions[0].key_points == (("43.9%",),)
    assert drafts.read_text("utf-8") == ""


def test_an_unknown_draft_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no draft `x`"):
        accept_draft(tmp_path / "drafts.jsonl", draft_id="x", into=tmp_path / "set.jsonl")
