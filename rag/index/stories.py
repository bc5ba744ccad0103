"""Groups of articles that tell one story, kept by revision like the articles themselves."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rag.index.rows import put_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rag.index.connection import Connection


def set_groups(connection: Connection, groups: Iterable[Sequence[str]], *, target: int) -> bool:
    """Make these the groups of the revision being written, and tell whether anything changed.

    A group is named by its first article; an article is in one group at most.
    """
    wanted = {article_id: group[0] for group in groups for article_id in group}
    rows = connection.execute("SELECT article_id, story, added FROM stories WHERE removed IS NULL").fetchall()
    there = {article_id: story for article_id, story, _ in rows}
    for article_id, story, added in rows:
        if wanted.get(article_id) == story:
            continue
        if added == target:
            connection.execute("DELETE FROM stories WHERE article_id = ? AND added = ?", (article_id, added))
        else:
            put_row(connection, "stories", (article_id, story, added, target))
    for article_id, story in wanted.items():
        if there.get(article_id) != story:
            put_row(connection, "stories", (article_id, story, target, None))
    return wanted != there


def grouped(rows: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Return groups, each sorted and all in order, from pairs of (story, article id)."""
    members: defaultdict[str, list[str]] = defaultdict(list)
    for story, article_id in rows:
        members[story].append(article_id)
    return tuple(sorted(tuple(sorted(ids)) for ids in members.values() if len(ids) > 1))
