"""The commands over the bundled samples, whole and real: what a door gets to print, and with which exit code."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from eval.commands import (
    check_command,
    compare_command,
    nightly_command,
    prompts_command,
    recorded_settings,
    run_command,
    score_command,
)
from eval.records import read_run
from prompts.hash import prompt_hash
from rag.config import Settings
from rag.config_values import Secret
from rag.types import Turn

if TYPE_CHECKING:
    from eval.outcome import Outcome

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = ROOT / "samples" / "questions.jsonl"


@pytest.fixture(scope="module")
def settings(sample_index: Path) -> Settings:
    """Settings that name the samples' index."""
    return Settings(index=sample_index)


@pytest.fixture(scope="module")
def ran(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """One run over the samples."""
    return run_command([QUESTIONS], settings=settings, out=tmp_path_factory.mktemp("runs"), lang="zh")


def test_a_run_prints_the_contract(ran: Outcome) -> None:
    assert ran.code == 0
    assert {"dataset", "n", "metrics", "slices", "run_dir"} <= ran.payload.keys()
    assert {"type", "lang"} <= dict(ran.payload["slices"]).keys()  # type: ignore[arg-type]
    folder = Path(str(ran.payload["run_dir"]))
    assert all((folder / name).exists() for name in ("manifest.json", "items.jsonl", "summary.json", "report.html"))
    row = json.loads((folder / "items.jsonl").read_text("utf-8").splitlines()[0])
    assert {"id", "question", "result", "metrics"} <= row.keys()


def test_every_citation_over_the_samples_is_valid_and_every_answer_repeats(ran: Outcome) -> None:
    metrics = ran.payload["metrics"]
    assert isinstance(metrics, dict)
    assert (metrics["citation_validity"], metrics["determinism"]) == (1.0, 1.0)


def test_the_bundled_questions_are_sound(settings: Settings) -> None:
    outcome = check_command([QUESTIONS], settings=settings)
    assert outcome.payload["problems"] == []
    assert outcome.code == 0


def test_comparing_a_run_with_itself_passes(ran: Outcome) -> None:
    folder = Path(str(ran.payload["run_dir"]))
    outcome = compare_command(folder, folder)
    assert (outcome.code, outcome.payload["passed"], outcome.payload["broken"]) == (0, True, [])


def test_a_night_syncs_runs_and_reports(tmp_path: Path) -> None:
    settings = Settings(index=tmp_path / "index")
    outcome = nightly_command(
        [QUESTIONS], settings=settings, out=tmp_path / "runs", lang="en", roots=[ROOT / "samples" / "articles"]
    )
    assert (outcome.code, outcome.payload["accepted"]) == (0, True)
    assert Path(str(outcome.payload["report"])).exists()


def test_prompts_hold_the_question_and_its_passages(settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "prompts.jsonl"
    assert prompts_command([QUESTIONS], settings=settings, out=out).code == 0
    row = json.loads(out.read_text("utf-8").splitlines()[0])
    text = "\n".join(message["content"] for message in row["messages"])
    assert "2023年上海工业战略性新兴产业总产值占规上工业总产值的比重是多少？" in text
    assert row["passages"]


def test_reference_answers_score_full_marks(settings: Settings, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    answers = tmp_path / "answers.jsonl"
    answers.write_text(
        "\n".join(
            json.dumps({"id": row["id"], "answer": row["answer"], "refused": not row["answerable"]}) for row in rows
        ),
        "utf-8",
    )
    outcome = score_command([QUESTIONS], answers=answers, settings=settings, out=tmp_path / "runs", lang="en")
    run = read_run(Path(str(outcome.payload["run_dir"])))
    wrong = [item.id for item in run.items if item.metrics.get("answer_accuracy") == 0.0]
    assert (outcome.code, wrong) == (0, [])


def test_no_key_reaches_what_a_run_records(sample_index: Path) -> None:
    settings = Settings(index=sample_index, llm_api_key=Secret("sk-planted"), embedder_api_key=Secret("sk-too"))
    assert "sk-" not in json.dumps(recorded_settings(settings))


def test_a_prompt_lists_the_passages_that_it_had_room_for(sample_index: Path, tmp_path: Path) -> None:
    narrow = Settings(index=sample_index, prompt_tokens=2500)
    prompts_command([QUESTIONS], settings=narrow, out=tmp_path / "prompts.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "prompts.jsonl").read_text("utf-8").splitlines()]
    for row in rows:
        shown = [one["number"] for one in row["passages"]]
        assert shown == list(range(1, len(shown) + 1))
        assert f"[{len(shown)}] " in row["messages"][-1]["content"]
        assert f"\n[{len(shown) + 1}] " not in row["messages"][-1]["content"]
        turns = [Turn(role=one["role"], content=one["content"]) for one in row["messages"]]
        assert row["prompt"] == prompt_hash(turns)
    assert {len(row["passages"]) for row in rows} != {8}


def test_answers_made_elsewhere_are_scored_as_they_stand_or_as_the_checks_leave_them(
    settings: Settings, tmp_path: Path
) -> None:
    rows = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    row = next(row for row in rows if row["lang"] == "zh" and row.get("answerable", True) and not row.get("history"))
    (tmp_path / "one.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    said = "占比是88.8%。[1]"
    (tmp_path / "said.jsonl").write_text(json.dumps({"id": row["id"], "answer": said}) + "\n", "utf-8")
    results = []
    for grounded in (False, True):
        outcome = score_command(
            [tmp_path / "one.jsonl"],
            answers=tmp_path / "said.jsonl",
            settings=replace(settings, llm="openai:not-asked"),
            out=tmp_path / "runs",
            lang="zh",
            grounded=grounded,
        )
        (item,) = read_run(Path(str(outcome.payload["run_dir"]))).items
        assert item.result is not None
        results.append((item.result["llm"], item.result["status"], item.result["reason"]))
    assert results == [
        ("outside:said.jsonl", "answered", None),
        ("grounded:said.jsonl", "refused", "unsupported"),
    ]


def test_answers_that_quotes_took_the_place_of_are_counted(settings: Settings, free_port: int, tmp_path: Path) -> None:
    away = replace(settings, llm="openai:m", llm_base_url=f"http://127.0.0.1:{free_port}/v1", llm_deadline_s=0.2)
    (tmp_path / "two.jsonl").write_text("\n".join(QUESTIONS.read_text("utf-8").splitlines()[:2]), "utf-8")
    outcome = run_command([tmp_path / "two.jsonl"], settings=away, out=tmp_path / "runs", lang="zh")
    metrics = outcome.payload["metrics"]
    assert isinstance(metrics, dict)
    assert (metrics["fallbacks"], metrics["sentences_held"]) == (1.0, 1.0)
