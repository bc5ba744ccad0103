"""Takes the entries out of RSS and Atom with feedparser; declares no entities and reads nothing from the network."""

from __future__ import annotations

import io
import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from rag.errors import InputError
from rag.ingest.readers.files import MIB, read_text
from rag.ingest.readers.records import day_of, derived_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

FIELDS = ("id", "title", "text", "source", "published", "url")
MAX_FEED = 8 * MIB
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def extract(path: Path) -> dict[str, object]:
    """Return `entries`: the FIELDS of each, in the feed's order. Raises `InputError`."""
    import feedparser

    markup = _DECLARATION.sub("", read_text(path, limit=MAX_FEED))
    if "<!ENTITY" in markup.upper():
        raise InputError(f"`{path}` declares XML entities, as no feed needs to; remove them")
    try:
        feed = feedparser.parse(
            io.BytesIO(markup.encode(errors="replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            # What is unsafe to show is dropped with all other markup.
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # the library promises none, and has raised some
        raise InputError(f"`{path}` cannot be read as a feed: {error!r}") from error
    return {"entries": [_fields(entry, feed.feed) for entry in feed.entries]}


def _fields(entry: Mapping[str, object], feed: Mapping[str, object]) -> dict[str, object]:
    url = _text(entry.get("link"))
    own = _text(entry.get("id")) or url
    text = _content(entry) or _text(entry.get("summary"))
    fields = {
        # The id of an entry is often an address: a digest of it can stand in one.
        "id": None
        if own is None
        else derived_id(own if "://" in own else f"{_text(feed.get('link'))} {own}", prefix="feed"),
        "title": _text(entry.get("title")),
        "text": text,
        "source": _source(entry) or _text(feed.get("title")),
        "published": _day(entry),
        "url": url,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _content(entry: Mapping[str, object]) -> str | None:
    contents = entry.get("content")
    values = [_text(content.get("value")) for content in contents] if isinstance(contents, list) else []
    return max((value for value in values if value is not None), key=len, default=None)


def _source(entry: Mapping[str, object]) -> str | None:
    source = entry.get("source")
    return _text(source.get("title")) if isinstance(source, dict) else None


def _day(entry: Mapping[str, object]) -> str | None:
    """Return the day as its own time zone has it, which the library's own field, in UTC, is not."""
    raws = [_text(entry.get(key)) for key in ("published", "updated") if key in entry]
    days = [day_of(raw) or _mail_day(raw) for raw in raws if raw is not None]
    return next((day.isoformat() for day in days if day is not None), None)


def _mail_day(raw: str) -> date | None:
    try:
        return parsedate_to_datetime(raw).date()
    except (ValueError, OverflowError):
        return None


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
