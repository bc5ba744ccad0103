"""The block of `key: value` lines that may open a Markdown file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_BLOCK = re.compile(r"\A\s*---\n(.*?)\n---\n", re.DOTALL)
_LINE = re.compile(r"^(\w+)\s*:\s*(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontmatter:
    """What the block says of the article; `None` where it says nothing."""

    title: str | None = None
    published: date | None = None


def take_frontmatter(text: str) -> tuple[Frontmatter, str]:
    """Return the front matter and the text after it; a day that is no ISO date is left out."""
    found = _BLOCK.match(text)
    if found is None:
        return Frontmatter(), text
    values = {key.lower(): value.strip("\"'") for key, value in _LINE.findall(found[1])}
    return Frontmatter(title=values.get("title"), published=_day(values.get("date"))), text[found.end() :]


def _day(value: str | None) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value[:10])
    except ValueError:
        return None
