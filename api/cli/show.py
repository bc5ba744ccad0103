"""`huwen show`: one article, as citations index into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.options import json_option, settings_options

if TYPE_CHECKING:
    from rag.config import Settings


@click.command("show")
@click.argument("article_id")
@settings_options
@json_option
def command(*, article_id: str, settings: Settings, as_json: bool) -> None:
    """Show the article ARTICLE_ID: title, source, date, text."""
    from api.cli.printing import line, print_json, terminal_columns
    from api.cli.wrapping import wrapped
    from rag.assembly import open_assistant
    from rag.contract import article_json

    with open_assistant(settings) as assistant:
        article = assistant.article(article_id)
    if as_json:
        print_json(article_json(article))
        return
    published = None if article.published is None else article.published.isoformat()
    columns = terminal_columns()
    line(click.style(wrapped(article.title, columns=columns), bold=True))
    line(" · ".join(part for part in (article.source, published, article.article_id, article.source_path) if part))
    if article.url is not None:
        line(click.style(article.url, underline=True))
    line("\n" + wrapped(article.text, columns=columns))
