"""Opens an index for reading: one revision, its articles and both arms of the search."""

from __future__ import annotations

from contextlib import closing
from threading import Lock
from typing import TYPE_CHECKING, Self

import numpy as np

from rag.errors import IndexMissingError, UsageError
from rag.index.connection import store_pool
from rag.index.engine import engine_address
from rag.index.lease import take_lease
from rag.index.local import LocalArms
from rag.index.place import place_of, remember_place
from rag.index.reading import StoreReader
from rag.types import Hit, IndexStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from numpy.typing import NDArray

    from rag.index.layout import Layout
    from rag.index.lease import Lease
    from rag.index.manifest import EngineRecord, Manifest
    from rag.index.milvus_search import MilvusArms
    from rag.search_types import Group
    from rag.types import Article, Chunk, Filters

# How many of the newest articles the status names.
LATEST = 5
NAMES_KEPT = 200_000


def open_index(path: Path, *, store: str | None = None) -> Index:
    """Open the current revision for reading; `store` is the database that holds it, `None` is what the folder says.

    Raises `IndexMissingError`, `IndexMismatchError` for a format that is not known, `IndexDamagedError`.
    """
    layout = place_of(path, store=store)
    lease = take_lease(layout)
    if layout.database is not None:
        try:
            _check_parts(layout, lease.manifest)
        except BaseException:
            lease.release()
            raise
        remember_place(layout)
    return Index(layout, lease)


class Index:
    """One revision of an index: an `ArticleStore` and a `ChunkIndex`. Safe to share between threads."""

    def __init__(self, layout: Layout, lease: Lease) -> None:
        self._layout = layout
        self._lease = lease
        self._pool = store_pool(layout)
        self._store = StoreReader(self._pool, folder=layout.folder, revision=lease.manifest.revision)
        self._lock = Lock()
        self._arms: LocalArms | MilvusArms | None = None
        self._names: dict[int, str] = {}

    @property
    def revision(self) -> int:
        """The revision's number, from 1."""
        return self._lease.manifest.revision

    @property
    def embedder(self) -> str:
        """The identity of the embedder that made the vectors."""
        return self._lease.manifest.embedder

    @property
    def dimension(self) -> int:
        """The length of each vector."""
        return self._lease.manifest.dimension

    def is_in(self, milvus: str) -> bool:
        """Tell whether the revision is searched in the Milvus of that address."""
        engine = self._lease.manifest.engine
        return engine is not None and engine.uri == engine_address(milvus)

    def searched_in(self) -> str:
        """Return where the chunks are searched, once that has answered. Raises `BackendError`."""
        if self._lease.manifest.engine is None:
            return "its folder"
        with closing(self._milvus_arms(self._lease.manifest.engine)) as arms:
            return arms.reach()

    def article(self, article_id: str) -> Article:
        """Return one article. Raises `NotFoundError`; a page id of several articles names them in the message."""
        return self._store.article(article_id)

    def page_articles(self, page_id_prefix: str) -> list[Article]:
        """Return the articles of every page whose id begins so, by page id and in page order."""
        return self._store.page_articles(page_id_prefix)

    def raw_page(self, page_id: str) -> bytes:
        """Return a page as it was read, empty where an article of it was removed by hand. Raises `NotFoundError`."""
        return self._store.raw_page(page_id)

    def find_articles(self, ids: Sequence[str], *, source: str | None = None) -> list[Article]:
        """Return the articles whose own or page's id is among `ids`, or that are from the source."""
        return self._store.find_articles(ids, source=source)

    def chunks(self, chunk_ids: Sequence[str]) -> list[Chunk]:
        """Return the chunks in the order asked for. Raises `NotFoundError`."""
        return self._store.chunks(chunk_ids)

    def newest(self) -> date | None:
        """Return the newest publication date in the index."""
        return self._store.newest()

    def duplicates(self, article_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Map each of the articles that tells the same story as others to the ids of those."""
        return self._store.group_mates(article_ids)

    def status(self) -> IndexStatus:
        """Return what the revision holds, and what the last sync could not read."""
        census = self._lease.manifest.census
        return IndexStatus(
            revision=self.revision,
            embedder=self.embedder,
            roots=self._store.roots(),
            pages=census.pages,
            articles=census.articles,
            chunks=census.chunks,
            newest=self.newest(),
            groups=self._store.groups(),
            flags=self._store.flags(),
            skipped=self._store.skipped(),
            sources=self._store.sources(),
            latest=self._store.latest(LATEST),
        )

    def search_lexical(self, tokens: Sequence[str], *, k: int, filters: Filters) -> list[Hit]:
        """Return at most k hits by the share, 0 to 1, of the distinct tokens' idf mass that a chunk covers (BM25)."""
        _check_k(k)
        return self._hits(self._open_arms().lexical(tokens, k=k, filters=filters), k) if tokens else []

    def search_groups(self, groups: Sequence[Group], *, k: int, filters: Filters) -> list[Hit]:
        """Return at most k hits by the share, 0 to 1, of what the groups' best choices can count at most (BM25)."""
        _check_k(k)
        return self._hits(self._open_arms().groups(groups, k=k, filters=filters), k)

    def search_dense(self, vector: NDArray[np.float32], *, k: int, filters: Filters) -> list[Hit]:
        """Return at most k hits by cosine with `vector`, of shape (dimension,) and unit norm."""
        _check_k(k)
        if vector.shape != (self.dimension,) or not np.isfinite(vector).all():
            raise UsageError(f"a query vector needs {self.dimension} finite numbers (got shape {vector.shape})")
        return self._hits(self._open_arms().dense(vector, k=k, filters=filters), k)

    def idf(self, tokens: Sequence[str]) -> list[float]:
        """Return each token's BM25 idf, in order; a token that never occurs has the highest."""
        arms = self._open_arms()
        return [arms.idf(token) for token in tokens]

    def close(self) -> None:
        """Let the writer clean up the revision; safe to call twice."""
        if self._arms is not None:
            self._arms.close()
        self._pool.close()
        self._lease.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _hits(self, found: Sequence[tuple[int, float]], k: int) -> list[Hit]:
        names = self._chunk_ids([key for key, _ in found])
        ordered = sorted(((names[key], score) for key, score in found), key=lambda pair: (-pair[1], pair[0]))[:k]
        return [Hit(chunk_id=name, score=score, rank=rank) for rank, (name, score) in enumerate(ordered, 1)]

    def _chunk_ids(self, keys: Sequence[int]) -> dict[int, str]:
        """Return the chunk ids of keys; each row is read and checked once, as long as not too many are kept."""
        with self._lock:
            known = {key: self._names[key] for key in keys if key in self._names}
        unknown = [key for key in keys if key not in known]
        fresh = self._store.chunk_ids(unknown) if unknown else {}
        with self._lock:
            if len(self._names) > NAMES_KEPT:
                self._names.clear()
            self._names.update(fresh)
        return known | fresh

    def _open_arms(self) -> LocalArms | MilvusArms:
        manifest = self._lease.manifest
        with self._lock:
            if self._arms is None:
                local = LocalArms(self._layout, manifest, self._store)
                self._arms = local if manifest.engine is None else self._milvus_arms(manifest.engine)
            return self._arms

    def _milvus_arms(self, record: EngineRecord) -> MilvusArms:
        from rag.index.milvus_search import MilvusArms

        return MilvusArms(self._layout, record, revision=self.revision, dead=self._store.dead_keys)


def _check_parts(layout: Layout, manifest: Manifest) -> None:
    """Raise where the store is shared, and what is searched lies in another machine's folder."""
    if any(not (layout.vectors / record.file.name).exists() for record in manifest.segments):
        raise IndexMissingError(
            f"the articles are in the store, but what is searched is not in `{layout.folder}`: give the folder that the last "
            f"`huwen index sync` wrote, or have all machines search in Milvus with `huwen index sync --index milvus:URI`"
        )


def _check_k(k: int) -> None:
    if k < 1:
        raise UsageError(f"`k` must be at least 1 (got {k})")
