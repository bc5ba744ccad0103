"""`huwen index status`: what an index holds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from api.cli.messages import WORDS, locale_lang
from api.cli.options import json_option, settings_options
from api.cli.printing import line, note, print_json, skipped_line

if TYPE_CHECKING:
    from rag.config import Settings


@click.command("status")
@settings_options
@json_option
def command(*, settings: Settings, as_json: bool) -> None:
    """Show what the index holds: revision, roots, counts, the newest article, what could not be read."""
    from rag.assembly import index_status
    from rag.contract import status_json

    status = index_status(settings)
    if as_json:
        print_json(status_json(status))
        return
    lang = locale_lang(os.environ)
    text = WORDS[lang]
    line(
        text.status.format(
            revision=status.revision,
            articles=status.articles,
            pages=status.pages,
            chunks=status.chunks,
            newest=text.no_date if status.newest is None else status.newest,
        )
    )
    line(status.embedder)
    for root in status.roots:
        line(f"  {root}")
    for code, ids in status.flags.items():
        line(f"{code}: {', '.join(ids)}")
    for pair in status.differences or ():
        spellings = "".join(f" {one}/{other}" for one, other in pair.spellings)
        line(f"{pair.first} ≈ {pair.second}:{spellings} +{len(pair.only_first)} -{len(pair.only_second)}")
    for row in status.skipped:
        note(skipped_line(row, lang))
