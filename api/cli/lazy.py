"""A group of commands that imports a command's module when it is asked for; runs nothing itself."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


class LazyGroup(click.Group):
    """Maps each name to the module whose `command` it is; `modules` gives the order in the help."""

    def __init__(self, *, name: str, help: str, modules: Mapping[str, str], epilog: str | None = None) -> None:  # noqa: A002 - click's name
        super().__init__(name=name, help=help, epilog=epilog)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the given order."""
        del ctx
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, `None` for an unknown name."""
        del ctx
        if cmd_name not in self._modules:
            return None
        command = import_module(self._modules[cmd_name]).command
        assert isinstance(command, click.Command)
        return command
