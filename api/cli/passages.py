"""Writes passages to the terminal, with the article that each comes from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from api.cli.messages import words
from api.cli.printing import line, note, terminal_columns
from api.cli.wrapping import shortened, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.types import Passage

TEXT_COLUMNS = 240
INDENT = "    "


def print_passages(hits: Sequence[Passage], *, explain: bool) -> None:
    """Write each passage; with `explain` also its score, and its rank in each arm of the search."""
    if not hits:
        note(words(os.environ).no_hits)
    for hit in hits:
        line(_hit_text(hit, columns=terminal_columns(), explain=explain))


def _hit_text(hit: Passage, *, columns: int | None, explain: bool) -> str:
    published = words(os.environ).no_date if hit.published is None else hit.published.isoformat()
    head = " · ".join(part for part in (hit.title, hit.source, published, hit.article_id) if part)
    lines = [wrapped(head, columns=columns, first=f"{hit.rank}. ".ljust(len(INDENT)), indent=INDENT)]
    if explain:
        ranks = ", ".join(f"{arm} {rank}" for arm, rank in hit.origins.items())
        lines.append(f"{INDENT}{hit.score:.4f} ({ranks}) {hit.chunk_id}")
    lines.append(click.style(wrapped(shortened(hit.text, TEXT_COLUMNS), columns=columns, indent=INDENT), dim=True))
    return "\n".join(lines)
