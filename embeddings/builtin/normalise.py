"""The form of a text that the built-in model sees; part of the model, so a change here is a new model."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SURROGATES = range(0xD800, 0xE000)


def folding(traditional: str, simplified: str) -> dict[int, str]:
    """Return the table for `fold`: traditional characters to simplified ones, lone surrogates to spaces."""
    table = dict.fromkeys(SURROGATES, " ")
    table.update({ord(old): new for old, new in zip(traditional, simplified, strict=True)})
    return table


def fold(text: str, table: Mapping[int, str]) -> str:
    """Return the text in compatibility form, lower case and simplified characters."""
    return unicodedata.normalize("NFKC", text).lower().translate(table)
