"""`huwen index verify`: whether an index is what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.options import json_option, settings_options

if TYPE_CHECKING:
    from rag.config import Settings


@click.command("verify")
@settings_options
@json_option
def command(*, settings: Settings, as_json: bool) -> None:
    """Read every byte of the index and compare it with its checksums; exit code 4 where something is damaged."""
    import os

    from api.cli.messages import words
    from api.cli.printing import line, note, print_json
    from rag.errors import IndexDamagedError
    from rag.index.verify import verify_index

    problems = verify_index(settings.index)
    if as_json:
        print_json({"ok": not problems, "problems": list(problems)})
    else:
        text = words(os.environ)
        for problem in problems:
            line(problem)
        if problems:
            note(text.repair_hint.format(index=settings.index))
        else:
            line(text.verified)
    raise click.exceptions.Exit(IndexDamagedError.exit_code if problems else 0)
