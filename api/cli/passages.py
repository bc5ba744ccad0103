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

    from rag.search_types import HitExplanation, Query, SearchExplanation
    from rag.types import Passage

TEXT_COLUMNS = 240
INDENT = "    "
# Of the features, those that add or take most are shown.
FEATURES = 6


def print_passages(hits: Sequence[Passage], *, why: SearchExplanation | None) -> None:
    """Write each passage; with an explanation also what was searched, and why each passage is there."""
    if why is not None:
        line("\n".join(f"{query.origin}: {_asked(query)}" for query in why.asked.queries))
    if not hits:
        note(words(os.environ).no_hits)
    for hit in hits:
        reason = None if why is None else why.hits[hit.chunk_id]
        line(_hit_text(hit, columns=terminal_columns(), reason=reason))


def _asked(query: Query) -> str:
    """Return a query's words, those of other languages with every way of saying them."""
    if not query.groups:
        return query.text
    return ", ".join(
        group.source if choices == group.source else f"{group.source} = {choices}"
        for group in query.groups
        for choices in ("/".join(choice.text for choice in group.choices),)
    )


def _hit_text(hit: Passage, *, columns: int | None, reason: HitExplanation | None) -> str:
    published = words(os.environ).no_date if hit.published is None else hit.published.isoformat()
    head = " · ".join(part for part in (hit.title, hit.source, published, hit.article_id) if part)
    lines = [wrapped(head, columns=columns, first=f"{hit.rank}. ".ljust(len(INDENT)), indent=INDENT)]
    if reason is not None:
        lines += [wrapped(row, columns=columns, indent=INDENT) for row in _reasons(hit, reason)]
    lines.append(click.style(wrapped(shortened(hit.text, TEXT_COLUMNS), columns=columns, indent=INDENT), dim=True))
    return "\n".join(lines)


def _reasons(hit: Passage, reason: HitExplanation) -> list[str]:
    arms = ", ".join(f"{arm} {score:.3f} (#{hit.origins[arm]})" for arm, score in reason.arms.items())
    features = ", ".join(f"{name} {value:+.2f}" for name, value in list(reason.features.items())[:FEATURES])
    rows = [f"{hit.score:.4f} {hit.chunk_id} · {arms}", " / ".join(reason.matched), features]
    return [row for row in rows if row]
