"""An article's particulars as the text of a column, and back."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from rag.types import Contact, Event, Particulars, Span

if TYPE_CHECKING:
    from rag.contract import Json

NOTHING = "{}"


def particulars_text(particulars: Particulars) -> str:
    """Return the particulars as JSON, `{}` where there are none."""
    if particulars == Particulars():
        return NOTHING
    form: dict[str, Json] = {
        "events": [_event_row(row) for row in particulars.events],
        "contacts": [[row.kind, row.value, row.span.start, row.span.end] for row in particulars.contacts],
        "urls": list(particulars.urls),
        "attachments": list(particulars.attachments),
    }
    return json.dumps(form, ensure_ascii=False, separators=(",", ":"))


def particulars_of_text(text: str) -> Particulars:
    """Return the particulars that `particulars_text` wrote."""
    if text == NOTHING:
        return Particulars()
    form = json.loads(text)
    return Particulars(
        events=tuple(
            Event(
                kind=kind,
                first=date.fromisoformat(first),
                last=date.fromisoformat(last),
                span=Span(start, end),
                minutes=None if minutes is None else (minutes[0], minutes[1]),
            )
            for kind, first, last, start, end, minutes in form["events"]
        ),
        contacts=tuple(
            Contact(kind=kind, value=value, span=Span(start, end)) for kind, value, start, end in form["contacts"]
        ),
        urls=tuple(form["urls"]),
        attachments=tuple(form["attachments"]),
    )


def _event_row(row: Event) -> list[Json]:
    minutes = None if row.minutes is None else list(row.minutes)
    return [row.kind, row.first.isoformat(), row.last.isoformat(), row.span.start, row.span.end, minutes]
