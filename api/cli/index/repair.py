"""`huwen index repair`: brings a damaged index back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.options import json_option, settings_options

if TYPE_CHECKING:
    from rag.config import Settings


@click.command("repair")
@settings_options
@json_option
def command(*, settings: Settings, as_json: bool) -> None:
    """Build what is damaged anew from what is whole; run `huwen index sync` afterwards for what was lost."""
    import os

    from api.access.audit import index_audit, note_act
    from api.cli.messages import words
    from api.cli.printing import line, note, print_json
    from rag.assembly import repair_index

    repair = repair_index(settings)
    about = {"revision": repair.revision, "problems": len(repair.problems), "lost": repair.lost}
    note_act(index_audit(settings.index), "index repair", about=about)
    if as_json:
        print_json({"revision": repair.revision, "problems": list(repair.problems), "lost": repair.lost})
        return
    text = words(os.environ)
    for problem in repair.problems:
        note(problem)
    line((text.repaired if repair.problems else text.verified).format(revision=repair.revision))
    if repair.lost:
        note(text.lost.format(count=repair.lost, index=settings.index))
