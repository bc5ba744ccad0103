"""`huwen eval prompts`: the exact prompts of a question set, for answering elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.evaluate.finish import files_argument, finish
from api.cli.options import FILE, json_option, settings_options

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.config import Settings


@click.command("prompts")
@files_argument
@click.option("--out", type=FILE, required=True, metavar="F", help="File for the prompts, a JSON line each.")
@settings_options
@json_option
def command(*, files: Sequence[Path], out: Path, settings: Settings, as_json: bool) -> None:
    """Write the prompts for the questions in each FILE, for answering elsewhere."""
    from eval.commands import prompts_command

    finish(prompts_command(files, settings=settings, out=out), as_json=as_json)
