"""Whom an article says to turn to: telephone numbers, mail addresses, and the people named as contacts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.types import Contact, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.text.codes import Code
    from rag.types import ContactKind

_KINDS: dict[str, ContactKind] = {"phone": "phone", "email": "email"}
# A local number of seven or eight digits is one only where the words before it say so.
_LOCAL = re.compile(
    r"(?:电话|热线|联系人?|咨询|传真|Tel|Phone)[^\n。；]{0,20}?(?<![\d-])(\d{7,8})(?!\d)", re.IGNORECASE
)
_MORE = re.compile(r"[、，,/]\s*(\d{7,8})(?!\d)")
_PERSON = re.compile(
    r"(?:联系人|联络人|联系方式|Contact)(?:及(?:电话|方式))?\s*[：:]\s*([一-鿿]{2,4}(?:老师|女士|先生)?|[A-Z][a-z]+ [A-Z][a-z]+)(?=[\s、，,（(；;。\d]|$)"
    r"|(?:[（(；;、，,]|\s)([一-鿿]{1,3}(?:老师|女士|先生|同志))(?=\s*[：:，,（(]?\s*[\d（(])"
)


def contacts_of(text: str, codes: Sequence[Code]) -> tuple[Contact, ...]:
    """Return the contacts in the order of the text, each place once."""
    found = [
        Contact(kind=_KINDS[row.kind], value=_at(text, row.span), span=row.span) for row in codes if row.kind in _KINDS
    ]
    found += [_phone(match) for match in _LOCAL.finditer(text)]
    for phone in [row for row in found if row.kind == "phone"]:
        found += _listed_after(text, phone.span.end)
    found += _people(text)
    places = {(row.span.start, row.span.end): row for row in reversed(found)}
    return tuple(places[place] for place in sorted(places))


def _listed_after(text: str, at: int) -> Iterator[Contact]:
    """Yield the numbers of a list that go on without their area code: 0571-81234567、81234568."""
    while (more := _MORE.match(text, at)) is not None:
        yield _phone(more)
        at = more.end()


def _phone(found: re.Match[str]) -> Contact:
    return Contact(kind="phone", value=found[1], span=Span(*found.span(1)))


def _at(text: str, span: Span) -> str:
    return text[span.start : span.end]


def _people(text: str) -> Iterator[Contact]:
    for found in _PERSON.finditer(text):
        group = 1 if found[1] is not None else 2
        yield Contact(kind="person", value=found[group], span=Span(*found.span(group)))
