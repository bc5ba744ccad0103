"""Takes articles out of every store in one revision, by their ids or their source."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rag.errors import NotFoundError, UsageError
from rag.index.open import open_index
from rag.index.write import open_existing

if TYPE_CHECKING:
    from collections.abc import Sequence
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
            chosen = _chosen(index.find_articles(ids, source=source), ids, source)
        by_page: defaultdict[str, list[str]] = defaultdict(list)
        for article in chosen:
            by_page[article.page_id].append(article.article_id)
        for page_id, article_ids in by_page.items():
            writer.forget_articles(page_id, article_ids)
        writer.commit()
    return tuple(sorted(article.article_id for article in chosen))


def _chosen(found: Sequence[Article], ids: Sequence[str], source: str | None) -> Sequence[Article]:
    """Return what was found once every id and the source have something."""
    known = {article.article_id for article in found} | {article.page_id for article in found}
    for wanted in ids:
        if wanted not in known:
            raise NotFoundError(f"no article or page `{wanted}` in the index; nothing was removed")
    if source is not None and all(article.source != source for article in found):
        raise NotFoundError(f"no article from the source `{source}` in the index; nothing was removed")
    return found
