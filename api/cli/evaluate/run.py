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
@click.option("--judge", metavar="SPEC", help="A language model that grades beside the numbers: openai:MODEL.")
@click.option("--labelled", type=FILE, help="Answers that a person graded, to measure the judge by (JSON Lines).")
@settings_options
@json_option
def command(
    *,
    files: Sequence[Path],
    out: Path,
    llm: str | None,
    judge: str | None,
    labelled: Path | None,
    settings: Settings,
    as_json: bool,
) -> None:
    """Ask the questions in each FILE and score the answers; every question is recorded below --out."""
    from eval.commands import run_command
    from rag.config import with_changes

    outcome = run_command(
        files,
        settings=with_changes(settings, {"llm": llm}),
        out=out,
        lang=locale_lang(os.environ),
        judge=judge,
        labelled=labelled,
        progress=open_progress(),
    )
    finish(outcome, as_json=as_json)
