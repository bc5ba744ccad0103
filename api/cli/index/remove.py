"""`huwen index remove`: takes articles out of an index, whatever their files say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.options import json_option, settings_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.config import Settings
    from rag.contract import Json


@click.command("remove")
@click.argument("ids", nargs=-1, metavar="[ID...]")
@click.option("--source", metavar="NAME", help="Remove all articles of this source.")
@settings_options
@json_option
def command(*, ids: Sequence[str], source: str | None, settings: Settings, as_json: bool) -> None:
    """Remove articles by their ids, or whole pages by theirs; they stay out until their page changes."""
    from api.access.audit import index_audit, note_act
    from api.cli.printing import line, print_json
    from rag.index.remove import remove_articles

    removed = remove_articles(settings.index, ids, source=source)
    about: dict[str, Json] = {"source": source, "ids": list(ids), "removed": len(removed)}
    note_act(index_audit(settings.index), "index remove", about=about)
    if as_json:
        print_json({"removed": list(removed)})
    else:
        for article_id in removed:
            line(article_id)
