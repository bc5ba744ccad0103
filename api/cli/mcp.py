"""`huwen mcp`: the questions and articles as tools for MCP clients, on stdio."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.options import llm_option, settings_options

if TYPE_CHECKING:
    from rag.config import Settings


@click.command("mcp")
@llm_option
@settings_options
def command(*, llm: str | None, settings: Settings) -> None:
    """Offer ask, search and read_article to an MCP client that starts this command and speaks over stdio."""
    from api.http.assistants import Assistants
    from api.mcp.packages import require_sdk
    from rag.config import with_changes

    require_sdk()
    from api.mcp.server import create_server

    create_server(Assistants(with_changes(settings, {"llm": llm}))).run("stdio")
