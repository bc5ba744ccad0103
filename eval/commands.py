"""The evaluation's commands with plain arguments; a door parses options, prints the outcome and exits by its code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from eval.check import check_questions, counts
from eval.compare import compare_runs
from eval.drafts import accept_draft, add_draft
from eval.floors import read_floors
from eval.gate import judge_change
from eval.history import last_accepted, read_history
from eval.injection.measure import measure_injection
from eval.judge.run import judge_run
from eval.judge.templates import version as template_version
from eval.judge.verdicts import Judge
from eval.nightly import run_night
from eval.offline import read_answers
from eval.outcome import BROKEN, DONE, REGRESSED, UNSOUND, Outcome
from eval.outside import Elsewhere, PromptOnly, score_outside, write_prompts
from eval.questions import load_questions
from eval.records import read_run
from eval.report.page import Report
from eval.report.write import write_report
from eval.run import SEED, run_questions
from eval.texts import bad_row_notes, comparison_text, failure_notes, injection_text, judge_text, summary_text
from rag.assembly import open_assistant, open_llm, sync_index
from rag.config import settings_json, with_changes
from rag.contract import answer_json
from rag.presets import EXTRACTIVE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from eval.records import Run
    from eval.run import Progress
    from rag.config import Settings
    from rag.contract import Json
    from rag.types import Lang

    Show = Callable[[Progress], None]


def run_command(
    files: Sequence[Path],
    *,
    settings: Settings,
    out: Path,
    lang: Lang,
    judge: str | None = None,
    labelled: Path | None = None,
    progress: Show | None = None,
) -> Outcome:
    """Score the answers to some question files: `huwen eval run`.

    `judge` names a language model that grades beside the numbers, in files of its own; `labelled` are answers that a
    person graded, to measure the judge by.
    """
    questions = load_questions(files)
    grader = None if judge is None else _open_judge(judge, settings, out)
    with open_assistant(settings) as assistant:
        run = run_questions(
            questions,
            assistant=assistant,
            out=out,
            settings=recorded_settings(settings),
            judge=None if grader is None else f"{judge} {template_version()}",
            is_replayed=_is_replayed(settings),
            progress=progress,
        )
    recorded = read_run(run.folder)
    write_report(_report(recorded, out), lang=lang)
    judged = None if grader is None else judge_run(recorded, judge=grader, labelled=labelled)
    return Outcome(
        code=BROKEN if run.too_many_failed or (judged is not None and not judged["usable"]) else DONE,
        payload=run.json() | ({} if judged is None else {"judge": judged}),
        text=summary_text(run.summary, folder=run.folder) + ("" if judged is None else "\n" + judge_text(judged)),
        notes=(*bad_row_notes(questions), *failure_notes(run)),
    )


def check_command(files: Sequence[Path], *, settings: Settings) -> Outcome:
    """Check question files against the indexed corpus: `huwen eval check`. Exits 3 where something is not sound."""
    questions = load_questions(files)
    with open_assistant(settings) as assistant:
        problems = check_questions(questions, assistant=assistant)
    numbers = counts(questions.questions)
    rows: list[Json] = [{"id": row.id, "message": row.message} for row in problems]
    lines = [f"{row.id or 'set'}: {row.message}" for row in problems]
    return Outcome(
        code=UNSOUND if problems else DONE,
        payload={"dataset": questions.name, "counts": numbers, "problems": rows},
        text="\n".join([*lines, json.dumps(numbers, ensure_ascii=False), f"{len(problems)} problems"]),
    )


def compare_command(old: Path, new: Path, *, floors: Path | None = None, seed: int = SEED) -> Outcome:
    """Compare two runs and apply the gate: `huwen eval compare`. Exits 1 where the new one is worse."""
    before, after = read_run(old), read_run(new)
    comparison = compare_runs(before, after, seed=seed)
    verdict = judge_change(
        comparison, floors=read_floors(floors), determinism=(_determinism(before), _determinism(after))
    )
    payload: dict[str, Json] = {
        "old": str(old),
        "new": str(new),
        "passed": verdict.passed,
        "deterministic": comparison.deterministic,
        "n": len(comparison.pairs),
        "unpaired": comparison.unpaired,
        "findings": [str(row) for row in verdict.findings],
        "changes": {
            row.metric: {
                "n": row.n,
                "old": row.old,
                "new": row.new,
                "wins": row.signs.wins,
                "losses": row.signs.losses,
                "p": row.p,
                "detectable": row.detectable,
            }
            for row in comparison.changes
        },
        "broken": [pair.new.id for pair in comparison.broken],
        "mended": [pair.new.id for pair in comparison.mended],
        "conditions": {name: list(values) for name, values in comparison.conditions.items()},
    }
    code = DONE if verdict.passed else REGRESSED
    return Outcome(code=code, payload=payload, text=comparison_text(comparison, verdict))


def nightly_command(
    files: Sequence[Path],
    *,
    settings: Settings,
    out: Path,
    lang: Lang,
    roots: Sequence[Path] = (),
    floors: Path | None = None,
    accept_anyway: bool = False,
    progress: Show | None = None,
) -> Outcome:
    """Sync, run, compare with the last accepted run, report: `huwen eval nightly`. Exits by the gate.

    Documents that give orders to whoever reads them are asked about in an index of their own; what of them reaches an
    answer makes the night fail.
    """
    limits, questions = read_floors(floors), load_questions(files)
    synced = sync_index(settings, roots, progress=lambda _: None)
    with open_assistant(settings) as assistant:
        night = run_night(
            questions,
            assistant=assistant,
            out=out,
            settings=recorded_settings(settings),
            floors=limits,
            lang=lang,
            accept_anyway=accept_anyway,
            is_replayed=_is_replayed(settings),
            progress=progress,
        )
    attacked = measure_injection(settings)
    verdict = night.verdict
    findings = [] if verdict is None else [str(row) for row in verdict.findings]
    payload = night.summary.json() | {
        "passed": verdict is not None and verdict.passed,
        "accepted": night.accepted,
        "findings": list(findings),
        "injection": attacked.json(),
        "report": str(night.page),
        "compared_with": None if night.report.before is None else night.report.before.folder.name,
    }
    skipped = tuple(f"`{row.path}` was not read: {row.reason}" for row in synced.skipped)
    return Outcome(
        code=BROKEN if verdict is None else DONE if verdict.passed and not attacked.leaks else REGRESSED,
        payload=payload,
        text="\n".join([summary_text(night.summary.summary, folder=night.page), *findings, injection_text(attacked)]),
        notes=(*skipped, *bad_row_notes(questions), *failure_notes(night.summary)),
    )


def prompts_command(files: Sequence[Path], *, settings: Settings, out: Path) -> Outcome:
    """Write the exact prompts of some question files, for answering elsewhere: `huwen eval prompts`."""
    questions = load_questions(files)
    with open_assistant(settings, llm=PromptOnly()) as assistant:
        count = write_prompts(questions, assistant=assistant, out=out)
    return Outcome(
        code=DONE,
        payload={"prompts": count, "file": str(out)},
        text=f"{count} prompts in {out}",
        notes=bad_row_notes(questions),
    )


def score_command(
    files: Sequence[Path],
    *,
    answers: Path,
    settings: Settings,
    out: Path,
    lang: Lang,
    grounded: bool = False,
    progress: Show | None = None,
) -> Outcome:
    """Score answers made elsewhere: `huwen eval score`. A question without an answer counts as failed.

    Where `grounded`, each sentence is first checked against its passages, as those of a language model are.
    """
    questions, given = load_questions(files), read_answers(answers)
    model = Elsewhere(name=f"grounded:{answers.name}") if grounded else None
    alone = with_changes(settings, {"llm": EXTRACTIVE, "llm_helps": ()})
    with open_assistant(alone, llm=model) as assistant:
        run = score_outside(
            questions,
            given,
            assistant=assistant,
            out=out,
            name=answers.name,
            settings=recorded_settings(settings),
            model=model,
            progress=progress,
        )
    write_report(_report(read_run(run.folder), out), lang=lang)
    return Outcome(
        code=BROKEN if run.too_many_failed else DONE,
        payload=run.json(),
        text=summary_text(run.summary, folder=run.folder),
        notes=(*bad_row_notes(questions), *failure_notes(run)),
    )


def draft_command(question: str, *, settings: Settings, drafts: Path, note: str) -> Outcome:
    """Ask a question and keep its answer as marked wrong: `huwen eval draft QUESTION`."""
    with open_assistant(settings) as assistant:
        result = answer_json(assistant.ask(question))
    draft_id = add_draft(drafts, result=result, note=note)
    return Outcome(
        code=DONE, payload={"id": draft_id, "file": str(drafts)}, text=f"{draft_id}: complete it in {drafts}"
    )


def list_drafts_command(drafts: Path) -> Outcome:
    """List the drafts that wait for a person: `huwen eval draft`."""
    rows = load_questions([drafts]).questions if drafts.exists() else ()
    return Outcome(
        code=DONE,
        payload={
            "file": str(drafts),
            "drafts": [{"id": row.id, "question": row.question, "notes": row.notes} for row in rows],
        },
        text="\n".join(
            [*(f"{row.id}  {row.question}  {row.notes}" for row in rows), f"{len(rows)} drafts in {drafts}"]
        ),
    )


def accept_draft_command(draft_id: str, *, drafts: Path, into: Path) -> Outcome:
    """Move a completed draft into a question file: `huwen eval draft --accept ID --into FILE`."""
    accept_draft(drafts, draft_id=draft_id, into=into)
    return Outcome(code=DONE, payload={"id": draft_id, "file": str(into)}, text=f"{draft_id} is now in {into}")


def recorded_settings(settings: Settings) -> Mapping[str, Json]:
    """Return the settings as a run may record them: secrets masked, and not the place of the index."""
    return {name: value for name, value in settings_json(settings).items() if name != "index"}


def _is_replayed(settings: Settings) -> bool:
    """Tell whether a model's replies come from a cassette, so that they can be asked for again."""
    return settings.llm_cassette is not None and settings.llm_cassette_mode == "replay"


def _report(run: Run, out: Path) -> Report:
    """Show a run beside the nights and the accepted run of its folder, where those are about the same questions."""
    before = last_accepted(out)
    if before is None or before.manifest.get("dataset") != run.manifest.get("dataset"):
        return Report(run=run, history=[])
    nights = [*read_history(out), {"started": run.manifest.get("started"), "metrics": run.summary.get("metrics")}]
    return Report(run=run, history=nights, before=before)


def _open_judge(spec: str, settings: Settings, out: Path) -> Judge:
    return Judge(llm=open_llm(with_changes(settings, {"llm": spec})), cache=out / "verdicts.jsonl")


def _determinism(run: Run) -> float | None:
    metrics = run.summary.get("metrics")
    value = metrics.get("determinism") if isinstance(metrics, dict) else None
    return value if isinstance(value, int | float) else None
