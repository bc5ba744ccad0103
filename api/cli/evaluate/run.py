"""`huwen eval run`: asks the questions of a set and scores the answers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from api.cli.evaluate.finish import files_argument, finish, open_progress, out_option
from api.cli.messages import locale_lang
from api.cli.options import FILE, json_option, llm_option, settings_options

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.config import Settings


@click.command("run")
@files_argument
@out_option
@llm_option
@click.option("--cassette", type=FILE, metavar="F", help="Take a language model's replies from this recording.")
@click.option("--record", is_flag=True, help="Ask the model for replies that the recording lacks, and add them.")
@click.option("--judge", metavar="SPEC", help="A language model that grades beside the numbers: openai:MODEL.")
@click.option("--labelled", type=FILE, help="Answers that a person graded, to measure the judge by (JSON Lines).")
@settings_options
@json_option
def command(
    *,
    files: Sequence[Path],
    out: Path,
    llm: str | None,
    cassette: Path | None,
    record: bool,
    judge: str | None,
    labelled: Path | None,
    settings: Settings,
    as_json: bool,
) -> None:
    """Ask the questions in each FILE and score the answers; every question is recorded below --out."""
    from eval.commands import run_command

    outcome = run_command(
        files,
        settings=_recorded(settings, llm=llm, cassette=cassette, record=record, judge=judge),
        out=out,
        lang=locale_lang(os.environ),
        judge=judge,
        labelled=labelled,
        progress=open_progress(),
    )
    finish(outcome, as_json=as_json)


def _recorded(
    settings: Settings, *, llm: str | None, cassette: Path | None, record: bool, judge: str | None
) -> Settings:
    """Return the settings with the options applied. Raises `UsageError` for a recording that nothing would use."""
    from rag.config import with_changes
    from rag.errors import UsageError
    from rag.presets import EXTRACTIVE

    changed = with_changes(
        settings,
        {"llm": llm, "llm_cassette": cassette, "llm_cassette_mode": "record" if record else None},
    )
    if record and changed.llm_cassette is None:
        raise UsageError("`--record` needs a file to record into; add `--cassette FILE`")
    if cassette is not None and changed.llm == EXTRACTIVE and judge is None:
        raise UsageError(f"no language model would use the cassette `{cassette}`; add `--llm SPEC`, or leave it out")
    return changed
