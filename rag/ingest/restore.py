"""Makes articles again from raw pages that a repair saved, without their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import InputError
from rag.ingest.pages import PageWriter, page_of
from rag.types import Skipped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rag.ingest.store import SyncStore
    from rag.protocols import Embedder
    from rag.types import Article, Chunk, Page


def restore_pages(
    raws: Sequence[bytes],
    *,
    index: SyncStore,
    embedder: Embedder,
    split: Callable[[Page, Mapping[str, int]], tuple[Article, ...]],
    chunk: Callable[[Article], tuple[Chunk, ...]],
    pipeline: str,
) -> tuple[Skipped, ...]:
    """Put the pages, publish them as one revision, and return those that could not be split."""
    writer = PageWriter(store=index, embedder=embedder, split=split, chunk=chunk, pipeline=pipeline)
    skipped = []
    for page in map(page_of, raws):
        try:
            writer.put(page, page_hash=writer.hash(page))
        except InputError as error:
            skipped.append(Skipped(path=page.source_path, reason=str(error)))
    while index.waiting:
        writer.embed()
    index.commit()
    return tuple(skipped)
