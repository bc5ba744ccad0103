"""`huwen keys create`: make a key, and show it this once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.access.names import DEFAULT_INDEX
from api.cli.keys.file import keys_option
from api.cli.options import json_option

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

COUNT = click.IntRange(min=1)


@click.command("create")
@click.argument("name")
@click.option("--index", "indexes", multiple=True, metavar="NAME", help="An index that it opens.  [default: default]")
@click.option("--per-minute", type=COUNT, metavar="N", help="Requests a minute at most.")
@click.option("--per-day", type=COUNT, metavar="N", help="Requests a day (UTC) at most.")
@click.option("--at-once", type=COUNT, metavar="N", help="Running requests at most.")
@keys_option
@json_option
def command(
    *,
    name: str,
    indexes: Sequence[str],
    per_minute: int | None,
    per_day: int | None,
    at_once: int | None,
    keys: Path,
    as_json: bool,
) -> None:
    """Make a key called NAME and print its secret, which nothing can show again."""
    from api.access.keys import Key, create_key, digest_of, new_secret, now
    from api.cli.printing import line, print_json

    secret = new_secret()
    key = Key(
        name=name,
        digest=digest_of(secret),
        created=now(),
        indexes=tuple(indexes) or (DEFAULT_INDEX,),
        per_minute=per_minute,
        per_day=per_day,
        at_once=at_once,
    )
    create_key(keys, key)
    if as_json:
        print_json({"name": name, "key": secret})
    else:
        line(secret)
