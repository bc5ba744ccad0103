"""`huwen show`: one article, as citations index into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.options import json_option, settings_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.config import Settings
    from rag.types import Article, SourcePage


@click.command("show")
@click.argument("article_id")
@click.option("--raw", is_flag=True, help="Show the page as it was read; `-` marks lines that no article holds.")
@settings_options
@json_option
def command(*, article_id: str, raw: bool, settings: Settings, as_json: bool) -> None:
    """Show the article ARTICLE_ID: title, source, date, last day, contacts, text."""
    from api.cli.printing import line, print_json, terminal_columns
    from api.cli.wrapping import wrapped
    from rag.assembly import open_assistant, source_page
    from rag.contract import article_json

    if raw:
        _show_raw(source_page(settings, article_id), as_json=as_json)
        return
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
    for told in _facts(article):
        line(wrapped(told, columns=columns))
    line("\n" + wrapped(article.text, columns=columns))


def _show_raw(page: SourcePage, *, as_json: bool) -> None:
    from api.cli.printing import line, print_json
    from rag.contract import source_page_json

    if as_json:
        print_json(source_page_json(page))
        return
    dropped = set(page.left_out)
    for row in page.raw.splitlines():
        line(f"- {row}" if row.strip() in dropped else f"  {row}".rstrip())


def _facts(article: Article) -> Iterator[str]:
    """Yield a line for each kind of fact that the article tells: its origin, last day, contacts, addresses, attachments."""
    facts = article.particulars
    deadline = None if facts.deadline is None else facts.deadline.last.isoformat()
    contacts = " ".join(row.value for row in facts.contacts)
    rows = {
        "origin": article.origin,
        "deadline": deadline,
        "contacts": contacts,
        "urls": " ".join(facts.urls),
        "attachments": " | ".join(facts.attachments),
        "flags": " ".join(article.flags),
    }
    yield from (f"{name}: {value}" for name, value in rows.items() if value)
