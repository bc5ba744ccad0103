"""`huwen chat`: a conversation in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.options import as_of_option, filter_options, json_option, llm_option, settings_options

if TYPE_CHECKING:
    from datetime import date

    from rag.config import Settings
    from rag.types import Filters


@click.command("chat")
@filter_options
@llm_option
@as_of_option
@settings_options
@json_option
def command(*, filters: Filters, llm: str | None, as_of: date | None, settings: Settings, as_json: bool) -> None:
    """Ask and follow up; /help names what else can be typed, Ctrl-D ends.

    With --json each answer is one JSON object, and what is typed comes from stdin, a line a question.
    """
    from api.cli.conversation import Conversation
    from rag.assembly import open_assistant
    from rag.config import with_changes

    with open_assistant(with_changes(settings, {"llm": llm})) as assistant:
        Conversation(assistant=assistant, filters=filters, as_of=as_of, as_json=as_json).run()
