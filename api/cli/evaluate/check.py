"""`huwen eval check`: whether a question set itself is sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.evaluate.finish import files_argument, finish
from api.cli.options import json_option, settings_options

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.config import Settings


@click.command("check")
@files_argument
@settings_options
@json_option
def command(*, files: Sequence[Path], settings: Settings, as_json: bool) -> None:
    """Check the question sets themselves: key points stand in their gold pages, absent strings nowhere."""
    from eval.commands import check_command

    finish(check_command(files, settings=settings), as_json=as_json)
