"""Nights remember each other: the first is accepted, a good one replaces it, a bad one does not, a killed one goes on."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from eval.compare import compare_runs
from eval.gate import judge_change
from eval.history import ACCEPTED, HISTORY, last_accepted, only_one, read_history
from eval.nightly import Night, run_night
from eval.records import SUMMARY, read_run
from eval.run import run_questions
from rag.errors import HarnessError, TooLittleDataError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from eval.assistant import Assistant
    from eval.gate import Floors
    from eval.questions import QuestionSet


@pytest.fixture
def many(question_set: QuestionSet) -> QuestionSet:
    """Thirty questions about the shelf."""
    rows = [
        row.model_copy(update={"id": f"{row.id}-{copy}", "cluster": row.id})
        for copy in range(6)
        for row in question_set.questions
    ]
    return replace(question_set, questions=tuple(rows))


def night(questions: QuestionSet, assistant: Assistant, out: Path, *, floors: Floors | None = None) -> Night:
    return run_night(questions, assistant=assistant, out=out, settings={}, floors=floors or {}, lang="en")


def test_the_first_night_is_accepted_and_the_next_compared_with_it(
    many: QuestionSet, shelf: Assistant, tmp_path: Path
) -> None:
    first = night(many, shelf, tmp_path)
    second = night(many, shelf, tmp_path)
    assert (first.accepted, second.accepted) == (True, True)
    assert second.report.before is not None
    assert second.report.before.folder == first.summary.folder
    assert [row["passed"] for row in read_history(tmp_path)] == [True, True]


def test_a_worse_night_fails_and_the_accepted_one_stays(
    many: QuestionSet, shelf: Assistant, worse_shelf: Assistant, tmp_path: Path
) -> None:
    good = night(many, shelf, tmp_path)
    bad = night(many, worse_shelf, tmp_path)
    assert bad.verdict is not None
    assert not bad.verdict.passed
    assert "answers: `answer_accuracy` fell from 1.000 to 0.800 (sign test p = 0.0156)" in map(
        str, bad.verdict.findings
    )
    accepted = last_accepted(tmp_path)
    assert accepted is not None
    assert accepted.folder == good.summary.folder
    assert len(read_history(tmp_path)) == 2


def test_a_wanted_change_can_be_accepted_anyway(
    many: QuestionSet, shelf: Assistant, worse_shelf: Assistant, tmp_path: Path
) -> None:
    night(many, shelf, tmp_path)
    bad = run_night(many, assistant=worse_shelf, out=tmp_path, settings={}, floors={}, lang="en", accept_anyway=True)
    assert json.loads((tmp_path / ACCEPTED).read_text("utf-8"))["run"] == bad.summary.folder.name


def test_a_slice_below_its_floor_fails_even_the_first_night(
    many: QuestionSet, worse_shelf: Assistant, tmp_path: Path
) -> None:
    done = night(many, worse_shelf, tmp_path, floors={"type=fact": {"answer_accuracy": 0.9}})
    assert done.verdict is not None
    assert [str(row) for row in done.verdict.findings] == [
        "floor: `answer_accuracy` in type=fact fell to 0.750 (floor 0.900)"
    ]


def test_a_night_with_too_many_failures_is_not_judged(
    many: QuestionSet, shelf: Assistant, broken_shelf: Callable[[str], Assistant], tmp_path: Path
) -> None:
    night(many, shelf, tmp_path)
    broken = night(many, broken_shelf(many.questions[0].question), tmp_path)
    assert (broken.verdict, broken.accepted, broken.summary.failed) == (None, False, 6)
    assert read_history(tmp_path)[-1]["passed"] is False


def test_a_killed_night_goes_on_with_its_finished_questions(
    many: QuestionSet, shelf: Assistant, tmp_path: Path, same_commit: None
) -> None:
    done = run_questions(many, assistant=shelf, out=tmp_path, settings={})
    (done.folder / SUMMARY).unlink()
    again = night(many, shelf, tmp_path)
    assert again.summary.folder == done.folder
    assert len(read_run(done.folder).items) == len(many.questions)


def test_two_nights_never_run_in_one_folder(many: QuestionSet, shelf: Assistant, tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(HarnessError, match="another evaluation"):
        night(many, shelf, tmp_path)


def test_history_only_grows_and_survives_a_torn_line(many: QuestionSet, shelf: Assistant, tmp_path: Path) -> None:
    night(many, shelf, tmp_path)
    before = (tmp_path / HISTORY).read_bytes()
    night(many, shelf, tmp_path)
    assert (tmp_path / HISTORY).read_bytes().startswith(before)
    with (tmp_path / HISTORY).open("a", encoding="utf-8") as file:
        file.write('{"run": "to')
    assert len(read_history(tmp_path)) == 2


def test_an_unchanged_system_passes_twenty_times_with_noise_in_time_and_order(
    many: QuestionSet, shelf: Assistant, tmp_path: Path
) -> None:
    first = read_run(run_questions(many, assistant=shelf, out=tmp_path, settings={}).folder)
    for turn in range(20):
        rows = many.questions[turn:] + many.questions[:turn]
        later = run_questions(replace(many, questions=rows), assistant=shelf, out=tmp_path, settings={})
        assert judge_change(compare_runs(first, read_run(later.folder)), floors={}).passed


def test_too_few_pairs_are_too_little_data(question_set: QuestionSet, shelf: Assistant, tmp_path: Path) -> None:
    runs = [read_run(run_questions(question_set, assistant=shelf, out=tmp_path, settings={}).folder) for _ in range(2)]
    with pytest.raises(TooLittleDataError, match="only 5 questions"):
        judge_change(compare_runs(*runs), floors={})


def test_a_question_reworded_since_is_not_compared(many: QuestionSet, shelf: Assistant, tmp_path: Path) -> None:
    first = run_questions(many, assistant=shelf, out=tmp_path, settings={})
    other = many.questions[0].model_copy(update={"question": "占比呢？"})
    second = run_questions(
        replace(many, questions=(other, *many.questions[1:])), assistant=shelf, out=tmp_path, settings={}
    )
    comparison = compare_runs(read_run(first.folder), read_run(second.folder))
    assert (len(comparison.pairs), comparison.unpaired) == (29, 1)


def test_the_page_is_whole_escaped_and_asks_nothing_of_anyone(
    many: QuestionSet, shelf: Assistant, worse_shelf: Assistant, tmp_path: Path
) -> None:
    hostile = many.questions[0].model_copy(update={"id": "x", "question": "<script>alert(1)</script>占比？"})
    asked = replace(many, questions=(*many.questions, hostile))
    night(asked, shelf, tmp_path)
    page = night(asked, worse_shelf, tmp_path).page.read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.findall(r"(?:src|href)=[\"'](?!data:|#)", page)
    assert "url(" not in page
    assert "@import" not in page
    assert "Right before, wrong now" in page
    assert page.count("<details") == page.count("</details>")


def test_markdown_and_junit_tell_the_same_verdict(
    many: QuestionSet, shelf: Assistant, worse_shelf: Assistant, tmp_path: Path
) -> None:
    night(many, shelf, tmp_path)
    bad = night(many, worse_shelf, tmp_path).summary.folder
    assert "Regressed" in (bad / "report.md").read_text("utf-8")
    suite = ET.fromstring((bad / "junit.xml").read_text("utf-8"))
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("31", "1", "0")
