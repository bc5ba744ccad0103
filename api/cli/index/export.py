"""`huwen index export`: a backup in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.options import FILE, json_option, settings_options

if TYPE_CHECKING:
    from pathlib import Path

    from rag.config import Settings


@click.command("export")
@click.argument("file", type=FILE)
@settings_options
@json_option
def command(*, file: Path, settings: Settings, as_json: bool) -> None:
    """Write the index to FILE, while others search and sync; `huwen index import` reads it."""
    from api.cli.printing import line, print_json
    from rag.index.portable import export_index

    revision = export_index(settings.index, file)
    if as_json:
        print_json({"revision": revision, "file": str(file)})
    else:
        line(f"{file}: revision {revision}")
