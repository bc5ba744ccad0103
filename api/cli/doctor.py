"""`huwen doctor`: what is installed, configured and reachable, and what to do about what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.options import json_option, settings_options

if TYPE_CHECKING:
    from api.cli.checks import Check
    from rag.config import Settings
    from rag.contract import Json

GOOD, BAD = click.style("ok ", fg="green"), click.style("!! ", fg="red")


@click.command("doctor")
@settings_options
@json_option
def command(*, settings: Settings, as_json: bool) -> None:
    """Look at packages, settings, index and servers, and say what to do about what is not right.

    Exits with the code that other commands would end with.
    """
    from api.cli.checks import check_backends, check_index, check_packages
    from api.cli.printing import print_json
    from rag.config import settings_json

    checks = [*check_packages(), *check_index(settings), *check_backends(settings)]
    if as_json:
        rows: list[Json] = [{"name": row.name, "ok": row.code == 0, "found": row.found} for row in checks]
        print_json({"checks": rows, "settings": settings_json(settings)})
    else:
        _print(checks, settings)
    raise click.exceptions.Exit(next((row.code for row in checks if row.code), 0))


def _print(checks: list[Check], settings: Settings) -> None:
    import os

    from api.cli.messages import locale_lang
    from api.cli.printing import line
    from api.language.errors import in_language
    from rag.config import settings_json

    lang = locale_lang(os.environ)
    for row in checks:
        line(f"{BAD if row.code else GOOD}{row.name}: {in_language(row.found, lang)}")
    line()
    for key, value in settings_json(settings).items():
        line(f"   {key} = {value}")
