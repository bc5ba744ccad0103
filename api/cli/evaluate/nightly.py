"""`huwen eval nightly`: sync, run, compare with the last accepted run, report."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from api.cli.evaluate.finish import files_argument, finish, floors_option, open_progress, out_option
from api.cli.messages import locale_lang
from api.cli.options import FILE, json_option, settings_options

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.config import Settings


@click.command("nightly")
@files_argument
@click.option(
    "--root", "roots", multiple=True, type=FILE, metavar="PATH", help="Sync this first; else all known roots."
)
@out_option
@floors_option
@click.option("--accept", "accept_anyway", is_flag=True, help="Make this run the one to compare with, come what may.")
@settings_options
@json_option
def command(
    *,
    files: Sequence[Path],
    roots: Sequence[Path],
    out: Path,
    floors: Path | None,
    accept_anyway: bool,
    settings: Settings,
    as_json: bool,
) -> None:
    """Sync, ask the questions in each FILE, compare with the last accepted run, and report; exits by the gate."""
    from eval.commands import nightly_command

    outcome = nightly_command(
        files,
        settings=settings,
        out=out,
        lang=locale_lang(os.environ),
        roots=roots,
        floors=floors,
        accept_anyway=accept_anyway,
        progress=open_progress(),
    )
    finish(outcome, as_json=as_json)
