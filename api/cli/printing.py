"""Writes results to stdout and remarks to stderr; the only file of the command line that knows about terminals."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING

import click

from api.cli.messages import WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.contract import Json
    from rag.types import Lang, Skipped

WIDEST = 100


def print_json(value: Mapping[str, Json]) -> None:
    """Write one JSON object, in UTF-8 whatever the locale, so that programs need not guess."""
    text = json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)
    click.echo(text.encode("utf-8", "backslashreplace"))


def write(text: str) -> None:
    """Write a piece of a result at once, as it is."""
    click.echo(text, nl=False)


def line(text: str = "") -> None:
    """Write one line of a result."""
    click.echo(text)


def note(text: str) -> None:
    """Write one line for the person at the keyboard: progress, a reason, a hint."""
    click.echo(text, err=True)


def skipped_line(row: Skipped, lang: Lang) -> str:
    """Return the line that names an input that was not read; most reasons name it themselves."""
    from api.language.errors import in_language

    reason = in_language(row.reason, lang)
    return WORDS[lang].skipped.format(what=reason if row.path in row.reason else f"`{row.path}`: {reason}")


def terminal_columns() -> int | None:
    """Return how wide lines may be, `None` where the output is a file or a pipe."""
    if not sys.stdout.isatty():
        return None
    return min(shutil.get_terminal_size().columns, WIDEST)
