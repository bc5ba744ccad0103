"""Texts on their way to PostgreSQL and back: it takes no NUL, which a title of an export may hold, so that NULs are escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg.types.string import StrDumper, TextLoader

if TYPE_CHECKING:
    from psycopg.abc import Buffer

# A noncharacter of Unicode; one that stands in a text is escaped itself.
ESCAPE = "\U0010ffff"


class EscapingDumper(StrDumper):
    """Sends a text as a text: where psycopg leaves the type open, functions of texts are ambiguous."""

    def dump(self, obj: str) -> Buffer | None:
        """Return the text's bytes, escaped."""
        if "\0" in obj or ESCAPE in obj:
            obj = obj.replace(ESCAPE, f"{ESCAPE}1").replace("\0", f"{ESCAPE}0")
        return super().dump(obj)


class EscapingLoader(TextLoader):
    """Reads what `EscapingDumper` sent."""

    def load(self, data: Buffer) -> bytes | str:
        """Return the text."""
        text = super().load(data)
        if isinstance(text, str) and ESCAPE in text:
            return text.replace(f"{ESCAPE}0", "\0").replace(f"{ESCAPE}1", ESCAPE)
        return text
