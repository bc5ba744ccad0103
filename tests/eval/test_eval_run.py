"""A run records every question, counts what failed, and gives the same numbers twice."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from eval.records import ITEMS, SUMMARY, read_run
from eval.run import run_questions
from rag.errors import TooLittleDataError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from eval.assistant import Assistant
    from eval.questions import QuestionSet
    from eval.run import Progress

METRICS = {
    "recall@5": 1.0,
    "span_recall@5": 1.0,
    "key_point_recall": 1.0,
    "answer_accuracy": 1.0,
    "citation_recall": 1.0,
    "citation_precision": 1.0,
    "citation_validity": 1.0,
    "figure_grounding": 1.0,
    "refusal_recall": 1.0,
    "false_refusals": 0.0,
    "confidence_auroc": 1.0,
    "determinism": 1.0,
}


def test_a_run_leaves_manifest_items_and_summary(shelf: Assistant, question_set: QuestionSet, tmp_path: Path) -> None:
    done = run_questions(question_set, assistant=shelf, out=tmp_path, settings={"llm": "extractive"})
    run = read_run(done.folder)
    assert [item.id for item in run.items] == ["q1", "q2", "q3", "q4", "q5"]
    assert run.manifest["as_of"] == "2025-11-11"
    assert run.summary == json.loads(json.dumps(done.summary))
    assert done.json()["run_dir"] == str(done.folder)


def test_right_answers_and_a_right_refusal_score_full_marks(
    shelf: Assistant, question_set: QuestionSet, tmp_path: Path
) -> None:
    metrics = run_questions(question_set, assistant=shelf, out=tmp_path, settings={}).summary["metrics"]
    assert isinstance(metrics, dict)
    assert {name: metrics[name] for name in METRICS} == METRICS


def test_two_runs_give_the_same_numbers(shelf: Assistant, question_set: QuestionSet, tmp_path: Path) -> None:
    runs = [run_questions(question_set, assistant=shelf, out=tmp_path, settings={}) for _ in range(2)]
    first, second = ({**run.summary, "timings_ms": None} for run in runs)
    assert runs[0].folder != runs[1].folder
    assert first == second


def test_a_question_that_raises_is_counted_apart_and_never_scored_zero(
    broken_shelf: Callable[[str], Assistant], question_set: QuestionSet, tmp_path: Path
) -> None:
    broken = broken_shelf(question_set.questions[0].question)
    done = run_questions(question_set, assistant=broken, out=tmp_path, settings={})
    item = read_run(done.folder).items[0]
    assert (item.result, item.error, item.metrics) == (None, "RuntimeError: planted", {})
    assert (done.failed, done.total, done.too_many_failed) == (1, 5, True)
    metrics = done.summary["metrics"]
    assert isinstance(metrics, dict)
    assert metrics["answer_accuracy"] == 1.0


def test_up_to_two_per_cent_of_failures_are_tolerated(
    broken_shelf: Callable[[str], Assistant], question_set: QuestionSet, tmp_path: Path
) -> None:
    first = question_set.questions[0]
    many = replace(
        question_set,
        questions=(
            first.model_copy(update={"question": "坏的"}),
            *(first.model_copy(update={"id": f"n{n}"}) for n in range(49)),
        ),
    )
    done = run_questions(many, assistant=broken_shelf("坏的"), out=tmp_path, settings={})
    assert (done.failed, done.too_many_failed) == (1, False)


def test_a_killed_run_goes_on_where_it_stopped(
    shelf: Assistant, question_set: QuestionSet, tmp_path: Path, same_commit: None
) -> None:
    done = run_questions(question_set, assistant=shelf, out=tmp_path, settings={})
    (done.folder / SUMMARY).unlink()
    items = done.folder / ITEMS
    lines = items.read_text("utf-8").splitlines(keepends=True)
    items.write_text("".join(lines[:2]) + lines[2][:40], "utf-8")
    steps: list[Progress] = []
    again = run_questions(question_set, assistant=shelf, out=tmp_path, settings={}, resume=True, progress=steps.append)
    assert again.folder == done.folder
    assert [json.loads(line)["id"] for line in items.read_text("utf-8").splitlines()] == ["q1", "q2", "q3", "q4", "q5"]
    assert items.read_text("utf-8").splitlines(keepends=True)[:2] == lines[:2]
    assert steps[-1].done == steps[-1].total


def test_a_run_under_other_conditions_is_not_continued(
    shelf: Assistant, question_set: QuestionSet, tmp_path: Path
) -> None:
    done = run_questions(question_set, assistant=shelf, out=tmp_path, settings={"passages": 8})
    (done.folder / SUMMARY).unlink()
    other = run_questions(question_set, assistant=shelf, out=tmp_path, settings={"passages": 5}, resume=True)
    assert other.folder != done.folder


def test_no_usable_question_is_too_little_data(shelf: Assistant, question_set: QuestionSet, tmp_path: Path) -> None:
    with pytest.raises(TooLittleDataError, match="no usable question"):
        run_questions(replace(question_set, questions=()), assistant=shelf, out=tmp_path, settings={})
