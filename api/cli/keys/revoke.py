"""`huwen keys revoke`: end a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.keys.file import keys_option
from api.cli.options import json_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command("revoke")
@click.argument("name")
@keys_option
@json_option
def command(*, name: str, keys: Path, as_json: bool) -> None:
    """End the key called NAME; running servers refuse it from their next request on."""
    from api.access.keys import revoke_key
    from api.cli.printing import line, print_json

    revoke_key(keys, name)
    if as_json:
        print_json({"revoked": name})
    else:
        line(name)
