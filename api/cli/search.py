"""`huwen search`: the passages for a question, without an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.options import common, filtered, filters_of, question_of, settings_of

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

DEFAULT_TOP_K = 8


@click.command()
@click.argument("question")
@common
@filtered
@click.option(
    "--top-k",
    type=click.IntRange(min=1, max=100),
    default=DEFAULT_TOP_K,
    show_default=True,
    help="At most this many passages.",
)
@click.option("--explain", is_flag=True, help="Say which arm of the search found each passage, and at which rank.")
def search(
    *,
    question: str,
    index: Path | None,
    config: Path | None,
    as_json: bool,
    since: date | None,
    until: date | None,
    source: str | None,
    lang: str | None,
    top_k: int,
    explain: bool,
) -> None:
    """Find the passages for QUESTION, best first; `-` reads it from stdin."""
    from api.cli.messages import MESSAGES
    from api.cli.output import locale_lang, print_json, shortened
    from rag.assembly import open_assistant
    from rag.contract import search_json

    text = question_of(question)
    with open_assistant(settings_of(config, index=index)) as assistant:
        passages, timings = assistant.search(text, k=top_k, filters=filters_of(since, until, source, lang))
    if as_json:
        print_json(search_json(text, passages, timings))
        return
    if not passages:
        click.echo(MESSAGES[locale_lang()]["no_hits"])
    for row in passages:
        day = "" if row.published is None else f" · {row.published.isoformat()}"
        click.echo(f"{row.rank:>2}. {row.score:.3f}  {row.title}{day} · {row.article_id}")
        click.echo(f"     {shortened(row.text)}")
        if explain:
            click.echo(f"     {', '.join(f'{arm} rank {rank}' for arm, rank in row.origins.items())}")
