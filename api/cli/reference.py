"""Writes docs/cli.md from the commands themselves: `python -m api.cli.reference > docs/cli.md`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.main import PROGRAM, huwen

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = 100
HEAD = """# Commands

*Written by `python -m api.cli.reference > docs/cli.md`; a test compares the two.*

Options come after the command. Results go to stdout, progress and reasons to stderr. A question given as `-` is read from
stdin. Settings come from `huwen.toml` in the current folder, from `HUWEN_…` variables, then from options.

Shell completion: `eval "$(_HUWEN_COMPLETE=bash_source huwen)"`, likewise `zsh_source` and `fish_source`.

| exit code | what it means |
|---|---|
| 0 | done; a refusal is a result |
| 1 | the evaluation regressed |
| 2 | the command or the configuration cannot be used |
| 3 | some inputs could not be read; the rest was indexed, and each failure is named |
| 4 | the index is missing, damaged, or built with another model or format |
| 5 | a back-end or the harness failed; `HUWEN_DEBUG=1` shows where |
| 6 | too little data to judge |
| 130 | stopped by Ctrl-C |
"""


def reference() -> str:
    """Return the page."""
    sections = [f"## {path}\n\n```\n{_help(path, command)}\n```\n" for path, command in _commands(PROGRAM, huwen)]
    return "\n".join([HEAD, *sections])


def _help(path: str, command: click.Command) -> str:
    with click.Context(command, info_name=path, terminal_width=WIDTH) as context:
        return command.get_help(context)


def _commands(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        with click.Context(command) as context:
            for name in command.list_commands(context):
                found = command.get_command(context, name)
                assert found is not None
                yield from _commands(f"{path} {name}", found)


if __name__ == "__main__":
    click.echo(reference(), nl=False)
