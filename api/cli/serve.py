"""`huwen serve`: the chat endpoint and the web page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.options import FILE, indexes_options, json_option, llm_option

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rag.config import Settings

MOST_WORKERS = 64


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 takes a free one.",
)
@click.option("--keys", type=FILE, metavar="FILE", help="Let in only who has a key of FILE (`huwen keys create`).")
@click.option("--insecure", "is_insecure", is_flag=True, help="Without keys, let in everybody who reaches the address.")
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    default=1,
    show_default=True,
    help="Processes that share the address; the limits of keys count in each.",
)
@click.option(
    "--grace",
    "grace_s",
    type=click.IntRange(0, 3600),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="How long running answers are waited for when the server is told to stop.",
)
@click.option("--log", type=FILE, metavar="FILE", help="A line of JSON a request, without what was asked; - is stderr.")
@click.option("--drafts", type=FILE, metavar="FILE", help="Let readers mark answers as wrong, and keep these in FILE.")
@click.option("--uploads", type=FILE, metavar="DIR", help="Let readers add files on the page, and keep these in DIR.")
@llm_option
@indexes_options
@json_option
def command(
    *,
    host: str,
    port: int,
    keys: Path | None,
    is_insecure: bool,
    workers: int,
    grace_s: int,
    log: Path | None,
    drafts: Path | None,
    uploads: Path | None,
    llm: str | None,
    indexes: Mapping[str, Settings],
    as_json: bool,
) -> None:
    """Serve the chat page, and the OpenAI chat protocol with citations, until Ctrl-C."""
    import os

    from api.cli.messages import words
    from api.cli.printing import note, print_json
    from api.http.plan import Plan
    from api.http.server import serve
    from rag.config import with_changes

    text = words(os.environ)
    plan = Plan(
        indexes={name: with_changes(settings, {"llm": llm}) for name, settings in indexes.items()},
        host=host,
        port=port,
        keys=keys,
        is_insecure=is_insecure,
        workers=workers,
        grace_s=grace_s,
        log=log,
        drafts=drafts,
        uploads=uploads,
    )
    serve(plan, ready=lambda url: print_json({"url": url}) if as_json else note(text.serving.format(url=url)))
