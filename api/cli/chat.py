"""`huwen chat`: a conversation in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.options import FILE, as_of_option, filter_options, json_option, llm_option, settings_options

if TYPE_CHECKING:
    from datetime import date

    from rag.config import Settings
    from rag.types import Filters


@click.command("chat")
@filter_options
@llm_option
@as_of_option
@click.option(
    "--drafts",
    type=FILE,
    default=Path("drafts.jsonl"),
    show_default=True,
    metavar="FILE",
    help="File that /wrong adds to.",
)
@settings_options
@json_option
def command(
    *, filters: Filters, llm: str | None, as_of: date | None, drafts: Path, settings: Settings, as_json: bool
) -> None:
    """Ask and follow up; /help names what else can be typed, Ctrl-D ends.

    With --json each answer is one JSON object, and what is typed comes from stdin, a line a question.
    """
    from api.cli.conversation import Conversation
    from rag.assembly import open_assistant
    from rag.config import with_changes

    chosen = with_changes(settings, {"llm": llm})
    Conversation(
        settings=chosen,
        assistant=open_assistant(chosen),
        drafts=drafts,
        filters=filters,
        as_of=as_of,
        as_json=as_json,
    ).run()
