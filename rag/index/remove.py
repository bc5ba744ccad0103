"""Takes articles out of every store in one revision, by their ids or their source."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rag.errors import NotFoundError, UsageError
from rag.index.open import open_index
from rag.index.write import open_existing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from rag.types import Article


def remove_articles(path: Path, ids: Sequence[str], *, source: str | None = None) -> tuple[str, ...]:
    """Remove articles, whole pages by a page id, or all of a source; return the ids of the removed articles, sorted.

    Raises `NotFoundError` for an id or a source that is not there, before anything is removed. A sync leaves them
    out until the content of their page changes.
    """
    if not ids and source is None:
        raise UsageError("name what to remove: `huwen index remove ID...` or `huwen index remove --source NAME`")
    with open_existing(path) as writer:
        with open_index(path) as index:
            chosen = _chosen(index.page_articles(""), ids, source)
        by_page: defaultdict[str, list[str]] = defaultdict(list)
        for article in chosen:
            by_page[article.page_id].append(article.article_id)
        for page_id, article_ids in by_page.items():
            writer.forget_articles(page_id, article_ids)
        writer.commit()
    return tuple(sorted(article.article_id for article in chosen))


def _chosen(articles: Iterable[Article], ids: Sequence[str], source: str | None) -> list[Article]:
    everything = list(articles)
    known = {article.article_id for article in everything} | {article.page_id for article in everything}
    for wanted in ids:
        if wanted not in known:
            raise NotFoundError(f"no article or page `{wanted}` in the index; nothing was removed")
    found = [row for row in everything if row.article_id in ids or row.page_id in ids or _is_from(row, source)]
    if not found:
        raise NotFoundError(f"no article from the source `{source}` in the index; nothing was removed")
    return found


def _is_from(article: Article, source: str | None) -> bool:
    return source is not None and article.source == source
