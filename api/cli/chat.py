"""`huwen chat`: a conversation in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.options import common, settings_of

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@common
@click.option("--llm", default=None, help="Who writes the answers: `extractive`, or `openai:MODEL`.")
def chat(*, index: Path | None, config: Path | None, as_json: bool, llm: str | None) -> None:
    """Ask and follow up, until an empty line."""
    from api.cli.ask import print_sources
    from api.cli.messages import MESSAGES
    from api.cli.output import locale_lang, print_json
    from rag.assembly import open_assistant
    from rag.contract import answer_json
    from rag.errors import UsageError
    from rag.types import Turn

    turns: list[Turn] = []
    with open_assistant(settings_of(config, index=index, llm=llm)) as assistant:
        click.echo(MESSAGES[locale_lang()]["chat"], err=True)
        while text := _line():
            try:
                answer = assistant.ask(text, history=turns)
            except UsageError as error:
                click.echo(str(error), err=True)
                continue
            turns += [Turn(role="user", content=text), Turn(role="assistant", content=answer.text)]
            if as_json:
                print_json(answer_json(answer))
                continue
            click.echo(answer.text)
            print_sources(answer)


def _line() -> str:
    try:
        return input("> ").strip()
    except EOFError:
        return ""
