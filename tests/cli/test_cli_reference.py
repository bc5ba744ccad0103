"""docs/cli.md is what the commands say of themselves."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.main import huwen
from api.cli.reference import reference

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "cli.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == reference(), "run: python -m api.cli.reference > docs/cli.md"


def test_every_command_explains_itself_and_its_options() -> None:
    with click.Context(huwen) as context:
        for name in huwen.list_commands(context):
            command = huwen.get_command(context, name)
            assert command is not None
            assert command.help
            for parameter in command.params:
                assert not isinstance(parameter, click.Option) or parameter.help, f"{name} {parameter.name}"
