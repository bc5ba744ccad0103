"""The judge votes, remembers, and says when it cannot be trusted."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from eval.commands import run_command
from eval.judge.agreement import calibrate, cohens_kappa, is_calibrated
from eval.judge.run import judge_run
from eval.judge.score import correctness, judge_answer
from eval.judge.verdicts import Judge
from eval.records import read_run
from eval.run import run_questions
from rag.config import Settings
from rag.errors import BackendError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from eval.assistant import Assistant
    from eval.questions import QuestionSet
    from rag.types import Turn, Usage


ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Said:
    """A completion of one piece."""

    text: str
    usage: Usage | None = None

    def __iter__(self) -> Iterator[str]:
        yield self.text

    def close(self) -> None:
        pass


@dataclass(slots=True)
class Model:
    """A model that replies by a rule, and counts."""

    rule: Callable[[str], str]
    name: str = "scripted"
    calls: list[str] = field(default_factory=list)

    def stream(self, messages: Sequence[Turn], *, within_s: float | None = None) -> Said:
        self.calls.append(messages[-1].content)
        return Said(self.rule(messages[-1].content))


def yes(prompt: str) -> str:
    if "separate factual claims" in prompt:
        return 'Here: {"claims": ["a", "b"]}'
    return '{"verdict": "full"}' if "What it should say" in prompt else '```json\n{"verdict": "Yes"}\n```'


def test_two_votes_of_three_decide(tmp_path: Path) -> None:
    model = Model(lambda prompt: '{"verdict": "no"}' if prompt.endswith("q\n>>>") else '{"verdict": "yes"}')
    judge = Judge(llm=model, cache=tmp_path / "v.jsonl")
    assert correctness("q", "r", "a", judge=judge) == 1
    assert len(set(model.calls)) == 3


def test_a_verdict_is_asked_for_once_and_remembered_across_runs(tmp_path: Path) -> None:
    for expected in (3, 0):
        model = Model(yes)
        assert correctness("q", "r", "a", judge=Judge(llm=model, cache=tmp_path / "v.jsonl")) == 1
        assert len(model.calls) == expected


def test_another_model_is_asked_anew(tmp_path: Path) -> None:
    correctness("q", "r", "a", judge=Judge(llm=Model(yes), cache=tmp_path / "v.jsonl"))
    other = Model(yes, name="other")
    correctness("q", "r", "a", judge=Judge(llm=other, cache=tmp_path / "v.jsonl"))
    assert len(other.calls) == 3


def test_what_cannot_be_read_is_missing_and_not_remembered(tmp_path: Path) -> None:
    judge = Judge(llm=Model(lambda _: "I think so"), cache=tmp_path / "v.jsonl")
    assert correctness("q", "r", "a", judge=judge) is None
    assert (judge.calls, judge.failures, (tmp_path / "v.jsonl").exists()) == (3, 3, False)


def test_a_model_that_fails_is_missing(tmp_path: Path) -> None:
    def broken(_: str) -> str:
        raise BackendError("down")

    judge = Judge(llm=Model(broken), cache=tmp_path / "v.jsonl")
    assert correctness("q", "r", "a", judge=judge) is None


def test_a_judged_run_has_files_of_its_own_and_leaves_the_numbers_alone(
    shelf: Assistant, question_set: QuestionSet, tmp_path: Path
) -> None:
    done = run_questions(question_set, assistant=shelf, out=tmp_path, settings={})
    before = (done.folder / "summary.json").read_bytes(), (done.folder / "items.jsonl").read_bytes()
    judged = judge_run(read_run(done.folder), judge=Judge(llm=Model(yes), cache=tmp_path / "v.jsonl"))
    assert judged["metrics"] == {"judged_correctness": 1.0, "judged_faithfulness": 1.0, "judged_coverage": 1.0}
    assert (judged["calibrated"], judged["usable"], judged["missing"]) == (False, True, 0)
    assert judged["applies_to"] == {"judged_correctness": 4, "judged_faithfulness": 4, "judged_coverage": 4}
    assert before == ((done.folder / "summary.json").read_bytes(), (done.folder / "items.jsonl").read_bytes())


def test_a_run_with_a_judge_names_it_in_the_manifest_and_calls_it_uncalibrated(
    sample_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eval.commands.open_llm", lambda settings: Model(yes, name=settings.llm))
    outcome = run_command(
        [ROOT / "samples" / "questions.jsonl"],
        settings=Settings(index=sample_index),
        out=tmp_path,
        lang="en",
        judge="openai:judge",
    )
    run = read_run(Path(str(outcome.payload["run_dir"])))
    assert run.manifest["llm"] == "extractive"
    assert str(run.manifest["judge"]).startswith("openai:judge ")
    assert (outcome.code, "judge openai:judge (uncalibrated" in outcome.text) == (0, True)


def test_more_than_two_per_cent_missing_verdicts_are_not_usable(
    shelf: Assistant, question_set: QuestionSet, tmp_path: Path
) -> None:
    done = run_questions(question_set, assistant=shelf, out=tmp_path, settings={})
    judge = Judge(llm=Model(lambda prompt: "?" if "57" in prompt else yes(prompt)), cache=tmp_path / "v.jsonl")
    assert judge_run(read_run(done.folder), judge=judge)["usable"] is False


def test_a_refusal_of_an_answerable_question_claims_nothing(
    shelf: Assistant, question_set: QuestionSet, tmp_path: Path
) -> None:
    done = run_questions(question_set, assistant=shelf, out=tmp_path, settings={})
    item = read_run(done.folder).items[-1]
    row = item.row.model_copy(update={"answerable": True})
    scores = judge_answer(row, item.answer(), judge=Judge(llm=Model(yes), cache=tmp_path / "v.jsonl"))
    assert scores == {"judged_correctness": 0.0, "judged_faithfulness": None, "judged_coverage": 0.0}


def test_kappa_by_hand_and_against_scikit_learn() -> None:
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert cohens_kappa(pairs) == pytest.approx(0.4)
    metrics = pytest.importorskip("sklearn.metrics")
    assert cohens_kappa(pairs) == pytest.approx(metrics.cohen_kappa_score(*zip(*pairs, strict=True)))
    assert cohens_kappa([]) is None
    assert cohens_kappa([(True, True)]) is None


def test_below_kappa_of_seventy_hundredths_a_judge_is_uncalibrated(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    rows = [
        {"question": "q", "reference": "r", "answer": f"{'good' if right else 'poor'} {n}", "correct": right}
        for n, right in enumerate([True, False] * 5)
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    fair = Model(lambda prompt: '{"verdict": "yes"}' if "good" in prompt else '{"verdict": "no"}')
    lax = Model(yes, name="lax")
    good = calibrate(path, judge=Judge(llm=fair, cache=tmp_path / "v.jsonl"))
    poor = calibrate(path, judge=Judge(llm=lax, cache=tmp_path / "v.jsonl"))
    assert (good, is_calibrated(good)) == (1.0, True)
    assert (poor, is_calibrated(poor)) == (0.0, False)


def test_a_broken_labelled_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text('{"question": "q"}\n', "utf-8")
    with pytest.raises(UsageError, match=r"labels\.jsonl"):
        calibrate(path, judge=Judge(llm=Model(yes), cache=tmp_path / "v.jsonl"))
