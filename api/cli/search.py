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
@click.option("--explain", is_flag=True, help="Show each passage's score, and its rank in each arm of the search.")
@settings_options
@json_option
def command(*, question: str, top_k: int, filters: Filters, explain: bool, settings: Settings, as_json: bool) -> None:
    """Find the passages closest to QUESTION, best first; - reads it from stdin."""
    from api.cli.passages import print_passages
    from api.cli.printing import print_json
    from api.cli.question import read_question
    from rag.assembly import open_assistant
    from rag.contract import search_json

    asked = read_question(question)
    with open_assistant(settings) as assistant:
        hits, timings = assistant.search(asked, k=top_k, filters=filters)
    if as_json:
        print_json(search_json(asked.strip(), hits, timings))
    else:
        print_passages(hits, explain=explain)
