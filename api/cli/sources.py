"""What stands below an answer in a terminal: its sources with their quotes, notices, and on a refusal what is close."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.cli.messages import WORDS
from api.cli.wrapping import shortened, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.cli.messages import Words
    from rag.types import Answer, Citation, Nearest

INDENT = "    "
QUOTED = "  │ "
QUOTE_COLUMNS = 160


def sources_text(answer: Answer, *, columns: int | None) -> str:
    """Return the lines below an answer, in the question's language; empty where there is nothing to add."""
    text = WORDS[answer.question.lang]
    blocks = [
        list(_cited(answer.citations, text, columns)),
        list(_closest(answer.nearest, text, columns)),
        _remarks(answer, text, columns),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _cited(citations: Sequence[Citation], text: Words, columns: int | None) -> Iterator[str]:
    """One block for each label: the article, every quote once, and its address where it was not given above."""
    if citations:
        yield click.style(text.sources, bold=True)
    given: set[str] = set()
    for label in sorted({row.label for row in citations}):
        rows = [row for row in citations if row.label == label]
        first = rows[0]
        published = text.no_date if first.published is None else first.published.isoformat()
        parts = [first.title, first.source, published, first.article_id]
        head = " · ".join(part for part in parts if part)
        yield wrapped(head, columns=columns, first=f"[{label}] ", indent=INDENT)
        for quote in dict.fromkeys(row.quote for row in rows):
            yield click.style(wrapped(shortened(quote, QUOTE_COLUMNS), columns=columns, indent=QUOTED), dim=True)
        if first.url is not None and first.url not in given:
            given.add(first.url)
            yield INDENT + click.style(first.url, underline=True)


def _closest(nearest: Sequence[Nearest], text: Words, columns: int | None) -> Iterator[str]:
    if nearest:
        yield click.style(text.nearest, bold=True)
    for row in nearest:
        published = text.no_date if row.published is None else row.published.isoformat()
        yield wrapped(f"{row.title} · {published} · {row.article_id}", columns=columns, first="  - ", indent=INDENT)


def _remarks(answer: Answer, text: Words, columns: int | None) -> list[str]:
    remarks = [] if answer.notice is None else [text.notice + answer.notice]
    if answer.missing:
        remarks.append(text.missing + "; ".join(answer.missing))
    return [click.style(wrapped(remark, columns=columns), fg="yellow") for remark in remarks]
