"""`huwen serve`: the chat endpoint and the web page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.options import common, settings_of

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@common
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port to listen on.")
@click.option("--llm", default=None, help="Who writes the answers: `extractive`, or `openai:MODEL`.")
def serve(*, index: Path | None, config: Path | None, as_json: bool, host: str, port: int, llm: str | None) -> None:
    """Serve the OpenAI chat protocol with citations, and a chat page, until Ctrl-C."""
    from api.http.server import run_server

    del as_json
    run_server(settings_of(config, index=index, llm=llm), host=host, port=port)
