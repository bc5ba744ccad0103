"""Judges a finished run into files of its own, `judge.jsonl` and `judge.json`; the run's own numbers stay as they are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from eval.judge.agreement import calibrate, is_calibrated
from eval.judge.score import judge_answer
from eval.judge.templates import version
from eval.records import write_object

if TYPE_CHECKING:
    from pathlib import Path

    from eval.judge.verdicts import Judge
    from eval.records import Run
    from rag.contract import Json

ROWS, SUMMARY = "judge.jsonl", "judge.json"
TOLERATED_MISSING = 0.02


def judge_run(run: Run, *, judge: Judge, labelled: Path | None = None) -> dict[str, Json]:
    """Judge every answer of a run, write both files, and return the summary.

    `missing` counts verdicts that did not come; more than 2 % of them and `usable` is false. Without a labelled file,
    or with kappa below 0.70 on it, `calibrated` is false and the numbers have to be called so.
    """
    kappa = None if labelled is None else calibrate(labelled, judge=judge)
    scores = {item.id: judge_answer(item.row, item.answer(), judge=judge) for item in run.items if not item.failed}
    with (run.folder / ROWS).open("w", encoding="utf-8") as file:
        for key, metrics in scores.items():
            file.write(json.dumps({"id": key, "metrics": metrics}, ensure_ascii=False) + "\n")
    rows = list(scores.values())
    summary: dict[str, Json] = {
        "model": judge.llm.name,
        "prompt_version": version(),
        "kappa": kappa,
        "calibrated": is_calibrated(kappa),
        "verdicts": judge.calls,
        "missing": judge.failures,
        "usable": judge.failures <= TOLERATED_MISSING * max(1, judge.calls),
        "metrics": {name: _mean(rows, name) for name in _names(rows)},
        "applies_to": {name: len(_values(rows, name)) for name in _names(rows)},
    }
    write_object(run.folder / SUMMARY, summary)
    return summary


def _names(rows: list[dict[str, float | None]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _values(rows: list[dict[str, float | None]], name: str) -> list[float]:
    return [value for row in rows if (value := row[name]) is not None]


def _mean(rows: list[dict[str, float | None]], name: str) -> float | None:
    values = _values(rows, name)
    return sum(values) / len(values) if values else None
