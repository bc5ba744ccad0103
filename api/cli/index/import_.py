"""`huwen index import`: a backup back into an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.options import FILE, json_option, settings_options

if TYPE_CHECKING:
    from pathlib import Path

    from rag.config import Settings


@click.command("import")
@click.argument("file", type=FILE)
@settings_options
@json_option
def command(*, file: Path, settings: Settings, as_json: bool) -> None:
    """Make the index hold what FILE, written by `huwen index export`, holds."""
    from api.access.audit import index_audit, note_act
    from api.cli.printing import line, print_json
    from rag.index.portable import import_index

    revision = import_index(settings.index, file, milvus=settings.milvus, store=settings.store)
    note_act(index_audit(settings.index), "index import", about={"file": str(file), "revision": revision})
    if as_json:
        print_json({"revision": revision, "file": str(file)})
    else:
        line(f"{settings.index}: revision {revision}")
