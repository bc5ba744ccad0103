"""`huwen eval`: that the doors lead to the evaluation, with its codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from prompts.hash import prompt_hash
from rag.types import Turn

if TYPE_CHECKING:
    from tests.cli.conftest import Huwen

QUESTIONS = Path(__file__).resolve().parent.parent.parent / "samples" / "questions.jsonl"
SAYS = "REFUSE: weak_evidence"


@pytest.fixture
def few(tmp_path: Path) -> Path:
    path = tmp_path / "few.jsonl"
    path.write_text("".join(QUESTIONS.read_text("utf-8").splitlines(keepends=True)[:3]), "utf-8")
    return path


def test_run_keeps_and_prints_the_scores(huwen: Huwen, sample_index: Path, few: Path) -> None:
    ran = huwen("eval", "run", str(few), "--index", str(sample_index), "--out", "runs", "--json")
    result = json.loads(ran.out)
    assert ran.code == 0
    assert {"dataset", "n", "metrics", "slices", "run_dir"} <= set(result)
    assert result["n"] == 3
    assert (Path(result["run_dir"]) / "items.jsonl").is_file()


def test_a_question_set_that_is_absent_exits_with_2(huwen: Huwen, sample_index: Path) -> None:
    ran = huwen("eval", "run", "absent.jsonl", "--index", str(sample_index))
    assert ran.code == 2
    assert "absent.jsonl" in ran.err


def test_too_few_questions_to_compare_exit_with_6(huwen: Huwen, sample_index: Path, few: Path) -> None:
    folders = [
        json.loads(huwen("eval", "run", str(few), "--index", str(sample_index), "--out", out, "--json").out)["run_dir"]
        for out in ("old", "new")
    ]
    assert huwen("eval", "compare", *folders).code == 6


def test_prompts_are_written_for_answering_elsewhere(
    huwen: Huwen, sample_index: Path, few: Path, tmp_path: Path
) -> None:
    ran = huwen("eval", "prompts", str(few), "--out", "prompts.jsonl", "--index", str(sample_index))
    assert ran.code == 0
    rows = [json.loads(line) for line in (tmp_path / "prompts.jsonl").read_text("utf-8").splitlines()]
    (tmp_path / "answers.jsonl").write_text(
        "\n".join(json.dumps({"id": row["id"], "answer": "不知道"}) for row in rows)
    )
    ran = huwen("eval", "score", str(few), "--answers", "answers.jsonl", "--index", str(sample_index), "--json")
    assert json.loads(ran.out)["n"] == 3


def test_a_sound_question_set_passes_its_check(huwen: Huwen, sample_index: Path) -> None:
    ran = huwen("eval", "check", str(QUESTIONS), "--index", str(sample_index))
    assert ran.code in (0, 3)
    assert "problems" in ran.out


def test_an_answer_marked_as_wrong_waits_as_a_draft(huwen: Huwen, sample_index: Path) -> None:
    marked = huwen(
        "eval", "draft", "前三季度上海GDP是多少？", "--note", "too short", "--index", str(sample_index), "--json"
    )
    listed = huwen("eval", "draft", "--json")
    assert [row["id"] for row in json.loads(listed.out)["drafts"]] == [json.loads(marked.out)["id"]]


def test_accepting_a_draft_needs_to_know_where_it_goes(huwen: Huwen) -> None:
    assert huwen("eval", "draft", "--accept", "d1").code == 2


def test_a_run_is_repeated_from_its_cassette(huwen: Huwen, sample_index: Path, few: Path, tmp_path: Path) -> None:
    prompts = huwen("eval", "prompts", str(few), "--out", "prompts.jsonl", "--index", str(sample_index))
    assert prompts.code == 0
    rows = [json.loads(line) for line in (tmp_path / "prompts.jsonl").read_text("utf-8").splitlines()]
    tape = [
        {"llm": "ollama:m", "prompt": prompt_hash([Turn(**turn) for turn in row["messages"]]), "reply": SAYS}
        for row in rows
    ]
    (tmp_path / "tape.jsonl").write_text("".join(json.dumps(row) + "\n" for row in tape), "utf-8")
    asked = ("eval", "run", str(few), "--index", str(sample_index), "--llm", "ollama:m", "--cassette", "tape.jsonl")
    runs = [json.loads(huwen(*asked, "--json").out) for _ in range(2)]
    assert runs[0]["metrics"] == runs[1]["metrics"]
    assert runs[0]["metrics"]["determinism"] == 1.0
    assert runs[0]["metrics"]["false_refusals"] == 1.0
    items = (Path(runs[0]["run_dir"]) / "items.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["result"]["llm"] for line in items} == {"ollama:m"}


def test_a_run_that_asks_what_was_not_recorded_says_what_to_do(
    huwen: Huwen, sample_index: Path, few: Path, tmp_path: Path
) -> None:
    (tmp_path / "tape.jsonl").touch()
    asked = ("eval", "run", str(few), "--index", str(sample_index), "--llm", "ollama:m", "--cassette", "tape.jsonl")
    ran = huwen(*asked)
    assert ran.code == 5
    assert "has no whole reply of `ollama:m` to the prompt" in ran.err
    assert "--record" in ran.err


@pytest.mark.parametrize(
    ("options", "message"),
    [(("--record",), "add `--cassette FILE`"), (("--cassette", "tape.jsonl"), "add `--llm SPEC`")],
)
def test_a_recording_that_cannot_be_is_refused(
    huwen: Huwen, sample_index: Path, few: Path, options: tuple[str, ...], message: str
) -> None:
    ran = huwen("eval", "run", str(few), "--index", str(sample_index), *options)
    assert ran.code == 2
    assert message in ran.err
