"""`huwen eval compare`: whether one run is worse than another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.evaluate.finish import finish, floors_option
from api.cli.options import FILE, json_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command("compare")
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@floors_option
@json_option
def command(*, old: Path, new: Path, floors: Path | None, as_json: bool) -> None:
    """Compare the run folders OLD and NEW question by question; exit code 1 where NEW is worse."""
    from eval.commands import compare_command

    finish(compare_command(old, new, floors=floors), as_json=as_json)
