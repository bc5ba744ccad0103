"""`huwen search`: the passages that an answer would be written from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from api.cli.messages import words
from api.cli.options import filter_options, json_option, settings_options
from api.cli.printing import line, note, print_json, terminal_columns
from api.cli.question import read_question
from api.cli.wrapping import shortened, wrapped

if TYPE_CHECKING:
    from rag.config import Settings
    from rag.types import Filters, Passage

TEXT_COLUMNS = 240
INDENT = "    "


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
    asked = read_question(question)
    from rag.assembly import open_assistant
    from rag.contract import search_json

    with open_assistant(settings) as assistant:
        hits, timings = assistant.search(asked, k=top_k, filters=filters)
    if as_json:
        print_json(search_json(asked.strip(), hits, timings))
        return
    if not hits:
        note(words(os.environ).no_hits)
    for hit in hits:
        line(_hit_text(hit, columns=terminal_columns(), explain=explain))


def _hit_text(hit: Passage, *, columns: int | None, explain: bool) -> str:
    published = words(os.environ).no_date if hit.published is None else hit.published.isoformat()
    head = " · ".join(part for part in (hit.title, hit.source, published, hit.article_id) if part)
    lines = [wrapped(f"{hit.rank}. {head}", columns=columns)]
    if explain:
        ranks = ", ".join(f"{arm} {rank}" for arm, rank in hit.origins.items())
        lines.append(f"{INDENT}{hit.score:.4f} ({ranks}) {hit.chunk_id}")
    lines.append(click.style(wrapped(shortened(hit.text, TEXT_COLUMNS), columns=columns, indent=INDENT), dim=True))
    return "\n".join(lines)
