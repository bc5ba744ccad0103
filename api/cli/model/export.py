"""`huwen model export`: the built-in model for sentence-transformers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.options import FILE, json_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command("export")
@click.argument("folder", type=FILE)
@json_option
def command(*, folder: Path, as_json: bool) -> None:
    """Write the built-in model to FOLDER, where SentenceTransformer(FOLDER, trust_remote_code=True) opens it."""
    from api.cli.printing import line, print_json
    from embeddings.builtin.sharing import export_model

    export_model(folder)
    if as_json:
        print_json({"folder": str(folder)})
    else:
        line(f"{folder}: SentenceTransformer({str(folder)!r}, trust_remote_code=True)")
