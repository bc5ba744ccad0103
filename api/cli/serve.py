"""`huwen serve`: the chat endpoint and the web page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.options import FILE, json_option, llm_option, settings_options

if TYPE_CHECKING:
    from pathlib import Path

    from rag.config import Settings


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 takes a free one.",
)
@click.option("--drafts", type=FILE, metavar="FILE", help="Let readers mark answers as wrong, and keep these in FILE.")
@click.option("--uploads", type=FILE, metavar="DIR", help="Let readers add files on the page, and keep these in DIR.")
@llm_option
@settings_options
@json_option
def command(
    *,
    host: str,
    port: int,
    drafts: Path | None,
    uploads: Path | None,
    llm: str | None,
    settings: Settings,
    as_json: bool,
) -> None:
    """Serve the chat page, and the OpenAI chat protocol with citations, until Ctrl-C."""
    import os

    from api.cli.messages import words
    from api.cli.printing import note, print_json
    from api.http.server import serve
    from rag.config import with_changes

    text = words(os.environ)
    serve(
        with_changes(settings, {"llm": llm}),
        host=host,
        port=port,
        drafts=drafts,
        uploads=uploads,
        ready=lambda url: print_json({"url": url}) if as_json else note(text.serving.format(url=url)),
    )
