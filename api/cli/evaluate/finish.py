"""Prints what an evaluation's command came to, and ends with its exit code; holds the options that they share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.options import FILE
from api.cli.printing import line, note, print_json

if TYPE_CHECKING:
    from eval.outcome import Outcome
    from eval.progress import ProgressLine

files_argument = click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
out_option = click.option(
    "--out", type=FILE, default=Path("runs"), show_default=True, metavar="DIR", help="Folder that keeps the runs."
)
floors_option = click.option(
    "--floors", type=FILE, metavar="FILE", help="Least values: TOML of slice to metric to number."
)


def finish(outcome: Outcome, *, as_json: bool) -> None:
    """Print an outcome and leave with its code."""
    for remark in outcome.notes:
        note(remark)
    if as_json:
        print_json(outcome.payload)
    else:
        line(outcome.text)
    raise click.exceptions.Exit(outcome.code)


def open_progress() -> ProgressLine:
    """Return what shows a run's progress on stderr."""
    from eval.progress import ProgressLine

    return ProgressLine(stream=sys.stderr)
