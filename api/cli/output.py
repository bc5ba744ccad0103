"""How results reach a person or a program: JSON on stdout, or text wrapped by its width on the screen."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.contract import Json
    from rag.types import Lang

QUOTE_CHARS = 120


def print_json(value: Mapping[str, Json]) -> None:
    """Print one JSON object, indented; Chinese stays readable, lone surrogates stay escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    click.echo(text.encode("utf-8", "backslashreplace").decode("utf-8"))


def locale_lang() -> Lang:
    """Return the language for texts that no question sets: `zh` under a Chinese locale, else `en`."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if locale.lower().startswith("zh") else "en"


def shortened(text: str) -> str:
    """Return a quote on one line, cut in the middle where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTE_CHARS else f"{line[: QUOTE_CHARS - 40]} … {line[-37:]}"
