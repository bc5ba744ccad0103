"""`huwen eval draft`: answers that a person marked as wrong, on their way to becoming questions of a set."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.evaluate.finish import finish
from api.cli.options import FILE, json_option, settings_options
from rag.errors import UsageError

if TYPE_CHECKING:
    from rag.config import Settings

DRAFTS = Path("drafts.jsonl")


@click.command("draft")
@click.argument("question", required=False)
@click.option("--drafts", type=FILE, default=DRAFTS, show_default=True, metavar="FILE", help="File of the drafts.")
@click.option("--note", default="", metavar="TEXT", help="What was wrong with the answer.")
@click.option("--accept", "draft_id", metavar="ID", help="Move this completed draft into the file --into.")
@click.option("--into", type=FILE, metavar="FILE", help="The question set that --accept moves a draft to.")
@settings_options
@json_option
def command(
    *,
    question: str | None,
    drafts: Path,
    note: str,
    draft_id: str | None,
    into: Path | None,
    settings: Settings,
    as_json: bool,
) -> None:
    """Keep QUESTION and its answer as marked wrong, for a person to complete; without QUESTION list the drafts."""
    from eval.commands import accept_draft_command, draft_command, list_drafts_command

    if draft_id is not None:
        if into is None:
            raise UsageError(f"--accept `{draft_id}` needs --into FILE, the question set that it moves to")
        outcome = accept_draft_command(draft_id, drafts=drafts, into=into)
    elif question is None:
        outcome = list_drafts_command(drafts)
    else:
        outcome = draft_command(question, settings=settings, drafts=drafts, note=note)
    finish(outcome, as_json=as_json)
