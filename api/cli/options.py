"""Options that several commands share, gathered into the values that the house knows."""

from __future__ import annotations

import os
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.access.names import DEFAULT_INDEX, NAME
from rag.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rag.config import Settings
    from rag.types import Lang

    Command = Callable[..., None]

DEFAULT_CONFIG = Path("huwen.toml")


class Day(click.ParamType[date]):
    """A date as `2025-11-05`."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the date, or fail with the form that is expected."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"`{value}` is not a day; write it as 2025-11-05", param, ctx)


DAY = Day()
FILE = click.Path(path_type=Path)

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
as_of_option = click.option(
    "--as-of", type=DAY, metavar="D", help="The day that 今年 and 'last year' count from; else the newest article's."
)
llm_option = click.option("--llm", metavar="SPEC", help="Who writes the answer: extractive, or SERVER:MODEL.")

_INDEX = click.option("--index", type=FILE, metavar="DIR", help="Folder of the index.  [default: .huwen]")
_INDEXES = click.option(
    "--index",
    multiple=True,
    metavar="[NAME=]DIR",
    help="Folder of the index; give it several times, each with a name, to serve several.  [default: .huwen]",
)
_CONFIG = click.option(
    "--config", type=FILE, metavar="FILE", help="Settings file.  [default: huwen.toml, if it is there]"
)
_FILTERS = (
    click.option("--since", type=DAY, metavar="D", help="Only articles of this day (2025-11-05) or later."),
    click.option("--until", type=DAY, metavar="D", help="Only articles of this day or earlier."),
    click.option("--source", metavar="S", help="Only articles of this source."),
    click.option("--lang", type=click.Choice(["zh", "en"]), help="Only articles in this language."),
)


def filter_options(function: Command) -> Command:
    """Add the filter options; the command gets them as `filters`."""

    @wraps(function)
    def gathered(
        *, since: date | None, until: date | None, source: str | None, lang: Lang | None, **rest: object
    ) -> None:
        from rag.types import Filters

        if since is not None and until is not None and since > until:
            raise UsageError(f"no day is between --since {since} and --until {until}; swap them")
        function(filters=Filters(since=since, until=until, source=source, lang=lang), **rest)

    command: Command = gathered
    for option in reversed(_FILTERS):
        command = option(command)
    return command


def settings_options(function: Command) -> Command:
    """Add --index and --config; the command gets what they, the file and the environment say as `settings`."""

    @wraps(function)
    def gathered(*, index: Path | None, config: Path | None, **rest: object) -> None:
        function(settings=read_settings(config, index=index), **rest)

    return _INDEX(_CONFIG(gathered))


def indexes_options(function: Command) -> Command:
    """Add an --index that may repeat, and --config; the command gets settings by the name of the index as `indexes`."""

    @wraps(function)
    def gathered(*, index: Sequence[str], config: Path | None, **rest: object) -> None:
        function(indexes=_named_settings(index, config), **rest)

    return _INDEXES(_CONFIG(gathered))


def read_settings(config: Path | None, *, index: Path | None = None) -> Settings:
    """Return the settings in force. Raises `ConfigError`; a file that was named must be there."""
    from rag.config import load_settings, with_changes

    found = DEFAULT_CONFIG if config is None and DEFAULT_CONFIG.exists() else config
    return with_changes(load_settings(found, environment=os.environ), {"index": index})


def _named_settings(given: Sequence[str], config: Path | None) -> dict[str, Settings]:
    if not given:
        return {DEFAULT_INDEX: read_settings(config)}
    found: dict[str, Settings] = {}
    for value in given:
        name, equals, folder = value.partition("=")
        if not equals or NAME.fullmatch(name) is None:
            name, folder = DEFAULT_INDEX, value
        if name in found:
            raise UsageError(f"two indexes are called `{name}`; give each a name of its own as --index NAME=DIR")
        found[name] = read_settings(config, index=Path(folder))
    return found
