"""`huwen eval score`: grades answers that were made elsewhere."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from api.cli.evaluate.finish import files_argument, finish, open_progress, out_option
from api.cli.messages import locale_lang
from api.cli.options import FILE, json_option, settings_options

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.config import Settings


@click.command("score")
@files_argument
@click.option(
    "--answers", type=FILE, required=True, metavar="F", help="The answers: rows of id and answer, one a line."
)
@click.option(
    "--grounded", is_flag=True, help="Check each sentence against its passages first, as those of a model are."
)
@out_option
@settings_options
@json_option
def command(
    *, files: Sequence[Path], answers: Path, grounded: bool, out: Path, settings: Settings, as_json: bool
) -> None:
    """Score answers to the questions in each FILE that were made elsewhere."""
    from eval.commands import score_command

    outcome = score_command(
        files,
        answers=answers,
        grounded=grounded,
        settings=settings,
        out=out,
        lang=locale_lang(os.environ),
        progress=open_progress(),
    )
    finish(outcome, as_json=as_json)
