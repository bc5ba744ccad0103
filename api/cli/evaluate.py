"""`huwen eval …`: how good the answers are."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.options import common, settings_of

if TYPE_CHECKING:
    from eval.outcome import Outcome

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
OUT = click.option(
    "--out", type=click.Path(path_type=Path), default=Path("runs"), show_default=True, help="Folder of the runs."
)


@click.group(name="eval")
def evaluate() -> None:
    """Score answers against question sets, and compare runs."""


@evaluate.command()
@FILES
@common
@OUT
@click.option("--llm", default=None, help="Who writes the answers: `extractive`, or `openai:MODEL`.")
def run(
    *, files: tuple[Path, ...], index: Path | None, config: Path | None, as_json: bool, out: Path, llm: str | None
) -> int:
    """Ask the questions of FILES and score the answers."""
    from api.cli.output import locale_lang
    from eval.commands import run_command
    from eval.progress import ProgressLine

    settings = settings_of(config, index=index, llm=llm)
    progress = ProgressLine(stream=sys.stderr)
    return _finish(
        run_command(files, settings=settings, out=out, lang=locale_lang(), progress=progress), as_json=as_json
    )


@evaluate.command()
@FILES
@common
def check(*, files: tuple[Path, ...], index: Path | None, config: Path | None, as_json: bool) -> int:
    """Check that the question sets in FILES are sound: key points stand in their gold pages, absent strings nowhere."""
    from eval.commands import check_command

    return _finish(check_command(files, settings=settings_of(config, index=index)), as_json=as_json)


@evaluate.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--floors", type=click.Path(path_type=Path), default=None, help="JSON file with the least value a slice.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
def compare(*, old: Path, new: Path, floors: Path | None, as_json: bool) -> int:
    """Compare the run folders OLD and NEW question by question; exits 1 where NEW is worse."""
    from eval.commands import compare_command

    return _finish(compare_command(old, new, floors=floors), as_json=as_json)


@evaluate.command()
@FILES
@common
@OUT
@click.option(
    "--root",
    "roots",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Sync this first; without it, all known roots.",
)
@click.option("--floors", type=click.Path(path_type=Path), default=None, help="JSON file with the least value a slice.")
@click.option(
    "--accept", "accept_anyway", is_flag=True, help="Accept this run as the new base, whatever the gate says."
)
def nightly(
    *,
    files: tuple[Path, ...],
    index: Path | None,
    config: Path | None,
    as_json: bool,
    out: Path,
    roots: tuple[Path, ...],
    floors: Path | None,
    accept_anyway: bool,
) -> int:
    """Sync, ask the questions of FILES, compare with the last accepted run, and report; exits by the gate."""
    from api.cli.output import locale_lang
    from eval.commands import nightly_command
    from eval.progress import ProgressLine

    outcome = nightly_command(
        files,
        settings=settings_of(config, index=index),
        out=out,
        lang=locale_lang(),
        roots=roots,
        floors=floors,
        accept_anyway=accept_anyway,
        progress=ProgressLine(stream=sys.stderr),
    )
    return _finish(outcome, as_json=as_json)


@evaluate.command()
@FILES
@common
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File for the prompts, a JSON line each.")
def prompts(*, files: tuple[Path, ...], index: Path | None, config: Path | None, as_json: bool, out: Path) -> int:
    """Write the exact prompts for the questions of FILES, for answering elsewhere."""
    from eval.commands import prompts_command

    return _finish(prompts_command(files, settings=settings_of(config, index=index), out=out), as_json=as_json)


@evaluate.command()
@FILES
@common
@OUT
@click.option(
    "--answers",
    type=click.Path(path_type=Path),
    required=True,
    help="Answers made elsewhere: id and answer, a JSON line each.",
)
def score(
    *, files: tuple[Path, ...], index: Path | None, config: Path | None, as_json: bool, out: Path, answers: Path
) -> int:
    """Score answers to the questions of FILES that were made elsewhere."""
    from api.cli.output import locale_lang
    from eval.commands import score_command
    from eval.progress import ProgressLine

    outcome = score_command(
        files,
        answers=answers,
        settings=settings_of(config, index=index),
        out=out,
        lang=locale_lang(),
        progress=ProgressLine(stream=sys.stderr),
    )
    return _finish(outcome, as_json=as_json)


@evaluate.command()
@click.argument("question", required=False)
@common
@click.option(
    "--drafts",
    type=click.Path(path_type=Path),
    default=Path("drafts.jsonl"),
    show_default=True,
    help="File of the drafts.",
)
@click.option("--note", default="", help="What was wrong with the answer.")
@click.option("--accept", "draft_id", default=None, help="Move this completed draft into a question file.")
@click.option("--into", type=click.Path(path_type=Path), default=None, help="The question file, with --accept.")
def draft(
    *,
    question: str | None,
    index: Path | None,
    config: Path | None,
    as_json: bool,
    drafts: Path,
    note: str,
    draft_id: str | None,
    into: Path | None,
) -> int:
    """Keep QUESTION and its answer as marked wrong, for a person to complete; without QUESTION, list what waits."""
    from eval.commands import accept_draft_command, draft_command, list_drafts_command

    if draft_id is not None:
        if into is None:
            raise click.UsageError("--accept needs --into FILE, the question file that the draft moves to")
        return _finish(accept_draft_command(draft_id, drafts=drafts, into=into), as_json=as_json)
    if question is None:
        return _finish(list_drafts_command(drafts), as_json=as_json)
    return _finish(
        draft_command(question, settings=settings_of(config, index=index), drafts=drafts, note=note), as_json=as_json
    )


def _finish(outcome: Outcome, *, as_json: bool) -> int:
    from api.cli.output import print_json

    for note in outcome.notes:
        click.echo(note, err=True)
    if as_json:
        print_json(outcome.payload)
    else:
        click.echo(outcome.text)
    return outcome.code
