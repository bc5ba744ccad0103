"""What an article says that programs can use: its days, whom to turn to, addresses and attachments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.ingest.contacts import contacts_of
from rag.ingest.events import events_of
from rag.text.codes import Code
from rag.text.dates import DateMention
from rag.text.marks import read_marks
from rag.types import Particulars

if TYPE_CHECKING:
    from datetime import date

_ATTACHED = re.compile(
    r"(?m)^\s*(?:附件|Attachment)?\s*\d{0,2}\s*[：:.、．]?\s*(?P<name>\S[^\n：:]{1,80}\.(?:pdf|docx?|xlsx?|pptx?|wps|et|zip|rar|ofd))\s*$"
    r"|^\s*(?:附件|Attachment)\s*\d{0,2}\s*[：:.、．]\s*(?P<listed>\S[^\n]{1,80}?)\s*$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\d{1,2}\s*[.、．]\s*")


def particulars_of(text: str, *, published: date | None) -> Particulars:
    """Return the particulars in the order of the text; relative days count from `published`."""
    marks = read_marks(text, reference=published)
    codes = [mark for mark in marks if isinstance(mark, Code)]
    return Particulars(
        events=events_of(text, [mark for mark in marks if isinstance(mark, DateMention)]),
        contacts=contacts_of(text, codes),
        urls=tuple(dict.fromkeys(text[row.span.start : row.span.end] for row in codes if row.kind == "url")),
        attachments=_attachments(text),
    )


def _attachments(text: str) -> tuple[str, ...]:
    names = (_NUMBER.sub("", found["name"] or found["listed"]) for found in _ATTACHED.finditer(text))
    return tuple(dict.fromkeys(names))
