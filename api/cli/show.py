"""`huwen show`: one article."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.options import common, settings_of

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("article_id")
@common
def show(*, article_id: str, index: Path | None, config: Path | None, as_json: bool) -> None:
    """Show the article ARTICLE_ID; the offsets of citations count in its text."""
    from api.cli.output import print_json
    from rag.assembly import open_assistant
    from rag.contract import article_json

    with open_assistant(settings_of(config, index=index)) as assistant:
        article = assistant.article(article_id)
    if as_json:
        print_json(article_json(article))
        return
    facts = (
        article.source,
        None if article.published is None else article.published.isoformat(),
        article.url,
        article.source_path,
    )
    click.echo(f"{article.title}\n{' · '.join(fact for fact in facts if fact)}\n\n{article.text}")
