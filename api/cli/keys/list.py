"""`huwen keys list`: which keys there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.keys.file import keys_option
from api.cli.options import json_option

if TYPE_CHECKING:
    from pathlib import Path

    from api.access.keys import Key


@click.command("list")
@keys_option
@json_option
def command(*, keys: Path, as_json: bool) -> None:
    """List the keys with what they open and their limits; their secrets are kept nowhere."""
    from api.access.keys import read_keys
    from api.cli.printing import line, print_json

    found = read_keys(keys)
    if as_json:
        print_json({"keys": [key.model_dump(mode="json", exclude={"digest"}) for key in found]})
    else:
        for key in found:
            line(f"{key.name}  {key.created:%Y-%m-%d}  {','.join(key.indexes)}  {_limits(key)}".rstrip())


def _limits(key: Key) -> str:
    rows = (("--per-minute", key.per_minute), ("--per-day", key.per_day), ("--at-once", key.at_once))
    return " ".join(f"{option} {value}" for option, value in rows if value is not None)
