"""The evaluation's commands with plain arguments; a door parses options, prints the outcome and exits by its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.outcome import BROKEN, DONE, Outcome
from eval.questions import load_questions
from eval.run import run_questions
from rag.assembly import open_assistant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from eval.questions import QuestionSet
    from eval.run import Progress, RunSummary
    from rag.config import Settings
    from rag.contract import Json

HEADLINE = (
    "recall@5",
    "span_recall@5",
    "key_point_recall",
    "answer_accuracy",
    "citation_recall",
    "citation_precision",
    "citation_validity",
    "figure_grounding",
    "refusal_recall",
    "false_refusals",
)


def run_command(
    files: Sequence[Path],
    *,
    settings: Settings,
    out: Path,
    judge: str | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Outcome:
    """Score the answers to some question files: `huwen eval run`."""
    questions = load_questions(files)
    with open_assistant(settings) as assistant:
        run = run_questions(
            questions,
            assistant=assistant,
            out=out,
            settings=recorded_settings(settings),
            judge=judge,
            progress=progress,
        )
    return Outcome(
        code=BROKEN if run.too_many_failed else DONE,
        payload=run.json(),
        text=summary_text(run.summary, folder=run.folder),
        notes=(*bad_row_notes(questions), *_failure_notes(run)),
    )


def recorded_settings(settings: Settings) -> Mapping[str, Json]:
    """Return the settings as a run may record them: secrets masked, and not the place of the index."""
    values: dict[str, Json] = settings.model_dump(mode="json", exclude={"index"})
    return values


def bad_row_notes(questions: QuestionSet) -> tuple[str, ...]:
    """Return one line for each row that is not a question."""
    return tuple(f"`{row.path}` line {row.line} is not a question: {row.reason}" for row in questions.bad)


def summary_text(summary: Mapping[str, Json], *, folder: Path) -> str:
    """Return the headline numbers of a run as a small table."""
    metrics, intervals = _object(summary["metrics"]), _object(summary["intervals"])
    rows = [_metric_row(name, metrics.get(name), intervals.get(name)) for name in HEADLINE]
    counts = (
        f"{summary['dataset']}: {summary['n']} questions, {summary['failed']} failed, {summary['bad_rows']} bad rows"
    )
    return "\n".join([counts, *rows, f"{folder}"])


def _metric_row(name: str, value: Json, bounds: Json) -> str:
    shown = f"{value:.3f}" if isinstance(value, float | int) else "n/a"
    between = f"  [{bounds[0]:.3f}, {bounds[1]:.3f}]" if isinstance(bounds, list) else ""
    return f"  {name:<22}{shown:>7}{between}"


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _failure_notes(run: RunSummary) -> tuple[str, ...]:
    if not run.failed:
        return ()
    verdict = "; this run does not count" if run.too_many_failed else ""
    return (f"{run.failed} of {run.total} questions failed, see `{run.folder}/items.jsonl`{verdict}",)
