"""One night: run, compare with the last accepted run, judge, report, remember. A night that was killed goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.compare import compare_runs
from eval.gate import Verdict, below_floors, judge_change
from eval.history import accept, append_history, last_accepted, only_one, read_history
from eval.records import read_run
from eval.report.page import Report
from eval.report.write import write_report
from eval.run import run_questions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from eval.assistant import Assistant
    from eval.gate import Floors
    from eval.questions import QuestionSet
    from eval.records import Run
    from eval.run import Progress, RunSummary
    from rag.contract import Json
    from rag.types import Lang


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What one night found. `verdict` is `None` where too many questions failed to judge the answers."""

    summary: RunSummary
    report: Report
    page: Path
    accepted: bool

    @property
    def verdict(self) -> Verdict | None:
        """The gate's verdict."""
        return self.report.verdict


def run_night(
    questions: QuestionSet,
    *,
    assistant: Assistant,
    out: Path,
    settings: Mapping[str, Json],
    floors: Floors,
    lang: Lang,
    accept_anyway: bool = False,
    is_replayed: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Night:
    """Run and judge one night in the folder of runs `out`.

    The first night, and every night that passes, becomes the accepted one that later nights are compared with;
    `accept_anyway` accepts one that does not pass, for a change that is wanted. Raises `TooLittleDataError`.
    """
    with only_one(out):
        summary = run_questions(
            questions,
            assistant=assistant,
            out=out,
            settings=settings,
            resume=True,
            is_replayed=is_replayed,
            progress=progress,
        )
        run, before = read_run(summary.folder), last_accepted(out)
        report = _judged(run, before, floors, out, broken=summary.too_many_failed)
        passed = report.verdict is not None and report.verdict.passed
        append_history(out, run, passed=passed)
        accepted = not summary.too_many_failed and (passed or accept_anyway)
        if accepted:
            accept(out, run.folder)
        page = write_report(report, lang=lang)
        return Night(summary=summary, report=report, page=page, accepted=accepted)


def _judged(run: Run, before: Run | None, floors: Floors, out: Path, *, broken: bool) -> Report:
    history = [*read_history(out), {"started": run.manifest.get("started"), "metrics": run.summary.get("metrics")}]
    if broken:
        return Report(run=run, history=history, before=before)
    if before is None:
        items = [item for item in run.items if not item.failed]
        return Report(run=run, history=history, verdict=Verdict(findings=tuple(below_floors(items, floors=floors))))
    comparison = compare_runs(before, run)
    verdict = judge_change(comparison, floors=floors, determinism=(_repeats(before), _repeats(run)))
    return Report(run=run, history=history, before=before, comparison=comparison, verdict=verdict)


def _repeats(run: Run) -> float | None:
    metrics = run.summary.get("metrics")
    value = metrics.get("determinism") if isinstance(metrics, dict) else None
    return value if isinstance(value, int | float) else None
