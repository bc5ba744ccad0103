"""`huwen doctor`: what is installed, configured and there, and what to do about what is not."""

from __future__ import annotations

import sys
from importlib import metadata
from typing import TYPE_CHECKING

import click

from api.cli.options import common, settings_of

if TYPE_CHECKING:
    from pathlib import Path

    from rag.config import Settings
    from rag.contract import Json

PACKAGES = (
    "huwen",
    "faiss-cpu",
    "tantivy",
    "numpy",
    "tokenizers",
    "tiktoken",
    "openai",
    "sentence-transformers",
    "torch",
)


@click.command()
@common
def doctor(*, index: Path | None, config: Path | None, as_json: bool) -> None:
    """Say what is installed and configured, whether the index opens, and what to do about what is not right."""
    from api.cli.output import print_json

    settings = settings_of(config, index=index)
    found: dict[str, Json] = {
        "python": sys.version.split()[0],
        "packages": {name: _version(name) for name in PACKAGES},
        "settings": settings.model_dump(mode="json"),
        "index": _index_state(settings),
    }
    if as_json:
        print_json(found)
        return
    for name in PACKAGES:
        click.echo(f"{name}: {_version(name) or 'not installed'}")
    for key, value in settings.model_dump(mode="json").items():
        click.echo(f"{key} = {value}")
    click.echo(_index_state(settings))


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _index_state(settings: Settings) -> str:
    from rag.assembly import open_assistant
    from rag.errors import HuwenError

    try:
        with open_assistant(settings) as assistant:
            return f"index `{settings.index}`: revision {assistant.revision}, answers by {assistant.llm}"
    except HuwenError as error:
        return str(error)
