"""`huwen search`: the passages that an answer would be written from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.options import filter_options, json_option, settings_options

if TYPE_CHECKING:
    from rag.config import Settings
    from rag.types import Filters


@click.command("search")
@click.argument("question")
@click.option(
    "--top-k", type=click.IntRange(min=1), default=8, metavar="N", show_default=True, help="At most N passages."
)
@filter_options
@click.option("--explain", is_flag=True, help="Show why each passage is there: words, arms, features.")
@settings_options
@json_option
def command(*, question: str, top_k: int, filters: Filters, explain: bool, settings: Settings, as_json: bool) -> None:
    """Find the passages closest to QUESTION, best first; - reads it from stdin."""
    from api.cli.passages import print_passages
    from api.cli.printing import print_json
    from api.cli.question import read_question
    from rag.assembly import explain_search, open_assistant
    from rag.contract import explanation_json, search_json

    asked = read_question(question)
    with open_assistant(settings) as assistant:
        hits, timings = assistant.search(asked, k=top_k, filters=filters)
        why = explain_search(assistant, asked, hits, filters=filters) if explain else None
    if as_json:
        added = {} if why is None else {"explain": explanation_json(why)}
        print_json(search_json(asked.strip(), hits, timings) | added)
    else:
        print_passages(hits, why=why)
