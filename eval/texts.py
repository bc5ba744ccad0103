"""What the evaluation's commands tell a person in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from eval.compare import Comparison
    from eval.gate import Verdict
    from eval.injection.measure import Attacked
    from eval.questions import QuestionSet
    from eval.run import RunSummary
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
    "sentences_held",
    "fallbacks",
    "refusal_recall",
    "false_refusals",
    "determinism",
)
SHOWN_FLIPS = 10


def injection_text(attacked: Attacked) -> str:
    """Return what became of the orders in documents, in a line, and each of them that was followed."""
    leaks = attacked.json()["leaks"]
    rows = [f"injection: {row}" for row in leaks] if isinstance(leaks, list) else []
    return "\n".join(
        [*rows, f"injection: {len(rows)} leaks in {attacked.asked} answers about documents that give orders"]
    )


def summary_text(summary: Mapping[str, Json], *, folder: Path) -> str:
    """Return the headline numbers of a run as a small table."""
    metrics, intervals = _object(summary["metrics"]), _object(summary["intervals"])
    rows = [_metric_row(name, metrics.get(name), intervals.get(name)) for name in HEADLINE]
    head = f"{summary['dataset']}: {summary['n']} questions, {summary['failed']} failed, {summary['bad_rows']} bad rows"
    return "\n".join([head, *rows, str(folder)])


def comparison_text(comparison: Comparison, verdict: Verdict) -> str:
    """Return what a comparison found: changes, flips, reasons."""
    test = "exact sign test" if comparison.deterministic else "paired cluster bootstrap, Holm over the gating metrics"
    lines = [f"{len(comparison.pairs)} questions in both runs, {comparison.unpaired} left out; {test}"]
    for row in comparison.changes:
        least = "" if row.detectable is None else f"  detects {100 * row.detectable:.1f} points"
        lines.append(
            f"  {row.metric:<26}{row.old:7.3f} -> {row.new:.3f}  +{row.signs.wins} -{row.signs.losses}  p {row.p:.4f}{least}"
        )
    for name, pairs in (("wrong now", comparison.broken), ("right now", comparison.mended)):
        lines += [f"  {name}: {pair.new.id} {pair.new.question}" for pair in pairs[:SHOWN_FLIPS]]
    lines += [str(finding) for finding in verdict.findings]
    return "\n".join([*lines, "passed" if verdict.passed else "regressed"])


def judge_text(judged: Mapping[str, Json]) -> str:
    """Return what the judge says, and how far that may be trusted."""
    kappa = judged["kappa"]
    trust = "uncalibrated" if not judged["calibrated"] else "calibrated"
    shown = "no labelled file" if kappa is None else f"kappa {kappa:.2f}"
    head = f"judge {judged['model']} ({trust}: {shown}); {judged['missing']} of {judged['verdicts']} verdicts missing"
    rows = [_metric_row(name, value, None) for name, value in _object(judged["metrics"]).items()]
    return "\n".join([head, *rows])


def bad_row_notes(questions: QuestionSet) -> tuple[str, ...]:
    """Return one line for each row that is not a question."""
    return tuple(f"`{row.path}` line {row.line} is not a question: {row.reason}" for row in questions.bad)


def failure_notes(run: RunSummary) -> tuple[str, ...]:
    """Return what is to be said of the questions that failed, none where none did."""
    if not run.failed:
        return ()
    verdict = "; too many for the run to count" if run.too_many_failed else ""
    return (
        f"{run.failed} of {run.total} questions failed, see `{run.folder}/items.jsonl`{verdict}",
        f"the first of them: {run.first_failure}",
    )


def _metric_row(name: str, value: Json, bounds: Json) -> str:
    shown = f"{value:.3f}" if isinstance(value, float | int) else "n/a"
    between = f"  [{bounds[0]:.3f}, {bounds[1]:.3f}]" if isinstance(bounds, list) else ""
    return f"  {name:<22}{shown:>7}{between}"


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}
