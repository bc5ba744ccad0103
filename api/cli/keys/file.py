"""The option that names the file of keys."""

from __future__ import annotations

import click

from api.cli.options import FILE

keys_option = click.option(
    "--keys",
    type=FILE,
    default="huwen-keys.json",
    show_default=True,
    metavar="FILE",
    help="The file that holds the keys, without their secrets.",
)
