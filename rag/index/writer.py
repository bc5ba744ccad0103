"""The writer: collects changes in transactions and publishes them all as one revision."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Self

import numpy as np

from rag.errors import BackendError
from rag.index.changes import DIMENSION, MODEL, TARGET, Changes, get_meta, load_census, set_meta
from rag.index.disk import writing
from rag.index.engine import choose_engine, chosen_engine, is_engine
from rag.index.ledger import Ledger
from rag.index.publish import clean, publish
from rag.index.rows import embedded_text, put_row
from rag.index.stories import set_groups

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from rag.index.connection import Connection
    from rag.index.layout import Layout
    from rag.index.lock import WriterLock
    from rag.index.manifest import Manifest
    from rag.index.postgres_revisions import PostgresLock
    from rag.types import Article, Chunk


class IndexWriter:
    """Collects changes in transactions, then publishes them all as one revision."""

    def __init__(
        self,
        layout: Layout,
        connection: Connection,
        lock: WriterLock | PostgresLock,
        *,
        published: Manifest | None,
        milvus: str | None = None,
    ) -> None:
        self._layout = layout
        self._connection = connection
        self._lock = lock
        self._published = published
        self._milvus = milvus
        self._revision = 0 if published is None else published.revision
        self._target = max(self._revision + 1, int(get_meta(connection, TARGET) or 0))
        self._model = str(get_meta(connection, MODEL))
        self._dimension = int(get_meta(connection, DIMENSION) or 0)
        self._changes = Changes(connection, target=self._target)
        self._unembedded = deque(self._chunks_without_vector() if self._is_pending() else ())
        self.ledger = Ledger(connection, begin=self._begin)
        # What a person should know: work taken up, parts built anew.
        self.notes: list[str] = []
        if self._is_pending() and load_census(connection)[1] > 0:
            self.notes.append("what an earlier command left unpublished is taken up")

    @property
    def folder(self) -> Path:
        """Where the index lies."""
        return self._layout.folder

    @property
    def revision(self) -> int:
        """The revision that readers open now; 0 before the first."""
        return self._revision

    def page_hash(self, page_id: str) -> str | None:
        """Return the content hash of the page in force, `None` where there is none.

        A page that a user removed counts as there until its content changes, so that a sync does not bring it back.
        """
        page = self._changes.live_page(page_id)
        if page is not None:
            return page[1]
        row = self._connection.execute("SELECT hash FROM forgotten WHERE page_id = ?", (page_id,)).fetchone()
        return None if row is None else str(row[0])

    def page_ids(self) -> set[str]:
        """Return the ids of all pages in force."""
        return {page_id for (page_id,) in self._connection.execute("SELECT page_id FROM pages WHERE removed IS NULL")}

    def put_page(
        self,
        page_id: str,
        *,
        page_hash: str,
        raw: bytes,
        articles: Sequence[Article],
        chunks: Sequence[Chunk],
        numbers: Mapping[str, int],
    ) -> None:
        """Add or replace a page. `numbers` are its articles' keys and numbers, remembered for the next time."""
        with writing(self._layout.folder):
            self._begin()
            self._drop(page_id)
            keys = self._changes.add_page(page_id, page_hash=page_hash, raw=raw, articles=articles, chunks=chunks)
            for article, number in numbers.items():
                put_row(self._connection, "numbers", (page_id, article, number))
            self._connection.execute("DELETE FROM forgotten WHERE page_id = ?", (page_id,))
            self._unembedded.extend(key for key in keys if not self._changes.copy_vector(key, model=self._model))

    def remove_page(self, page_id: str) -> bool:
        """Remove a page and what is remembered of it; tell whether there was one."""
        with writing(self._layout.folder):
            self._begin()
            for table in ("numbers", "forgotten"):
                self._connection.execute(f"DELETE FROM {table} WHERE page_id = ?", (page_id,))  # noqa: S608
            return self._drop(page_id)

    def forget_articles(self, page_id: str, article_ids: Collection[str]) -> None:
        """Remove articles of a page on a user's behalf; a sync leaves them out until the page's content changes."""
        with writing(self._layout.folder):
            self._begin()
            page = self._changes.live_page(page_id)
            # A removal that died before it was published is already in the store.
            if page is not None and self._changes.thin_page(page[0], article_ids) == 0:
                self._drop(page_id)
                put_row(self._connection, "forgotten", (page_id, page[1]))

    def numbers(self, page_id: str) -> dict[str, int]:
        """Return the remembered numbers of a page's articles, by their keys."""
        rows = self._connection.execute("SELECT article, number FROM numbers WHERE page_id = ?", (page_id,))
        return {str(article): int(number) for article, number in rows}

    def articles(self) -> list[Article]:
        """Return all articles in force, in the order in which they were put."""
        return self._changes.articles()

    def set_groups(self, groups: Iterable[Sequence[str]]) -> None:
        """Replace the groups of articles that tell one story."""
        with writing(self._layout.folder):
            self._begin()
            set_groups(self._connection, groups, target=self._target)

    def unembedded(self, limit: int) -> list[tuple[int, str]]:
        """Return key and text of at most `limit` chunks that still need a vector, oldest first."""
        keys = [self._unembedded.popleft() for _ in range(min(limit, len(self._unembedded)))]
        found = []
        for key in keys:
            row = self._connection.execute(
                "SELECT c.header, a.text, c.start, c.stop FROM chunks c JOIN articles a ON a.key = c.article WHERE c.key = ?",
                (key,),
            ).fetchone()
            # A page that came and went within one revision leaves nothing to embed.
            if row is not None:
                found.append((key, embedded_text(row[0], row[1][row[2] : row[3]])))
        return found

    @property
    def waiting(self) -> int:
        """How many chunks still need a vector."""
        return len(self._unembedded)

    def put_vectors(self, keys: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Store the vectors of chunks, of shape (len(keys), dimension)."""
        if vectors.shape != (len(keys), self._dimension) or not np.isfinite(vectors).all():
            raise BackendError(
                f"the embedder `{self._model}` gave vectors of shape {vectors.shape}, or values that are not numbers; "
                f"{len(keys)} rows of {self._dimension} finite ones were expected"
            )
        with writing(self._layout.folder):
            self._begin()
            self._changes.put_vectors(keys, vectors, model=self._model)

    def flush(self) -> None:
        """Make what was put so far durable, though not yet visible; wait with pages whose chunks still need vectors.

        While all chunks are embedded anew they need them by the thousand, and no other command touches the index.
        """
        if not self._unembedded or (self._published is not None and self._published.embedder != self._model):
            self._save()

    def roll_back(self) -> None:
        """Undo what was put since the last flush."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
            self._changes = Changes(self._connection, target=self._target)
            self._unembedded.clear()

    def commit(self) -> int:
        """Publish all that was put as one revision and return its number; without changes, the present one."""
        self._save()
        with writing(self._layout.folder):
            if self._milvus is not None:
                choose_engine(self._connection, self._milvus)
            if self._is_pending():
                self._published, rebuilt = publish(
                    self._layout,
                    self._connection,
                    published=self._published,
                    target=self._target,
                    model=self._model,
                    dimension=self._dimension,
                )
                self.notes += rebuilt
                self._revision, self._target = self._target, self._target + 1
                self._changes = Changes(self._connection, target=self._target)
                clean(self._layout, self._connection, current=self._published)
        return self._revision

    def close(self) -> None:
        """Let the next writer in. What was flushed and not published is taken up by the next sync."""
        self._connection.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _save(self) -> None:
        if self._connection.in_transaction:
            with writing(self._layout.folder):
                self._changes.save_census()
                self._connection.execute("COMMIT")

    def _begin(self) -> None:
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")
            set_meta(self._connection, TARGET, str(self._target))

    def _drop(self, page_id: str) -> bool:
        page = self._changes.live_page(page_id)
        if page is not None:
            self._changes.remove_page(page[0])
        return page is not None

    def _is_pending(self) -> bool:
        published = self._published
        if published is None or published.embedder != self._model:
            return True
        if not is_engine(published, chosen_engine(self._connection)):
            return True
        query = "SELECT EXISTS(SELECT 1 FROM {0} WHERE added > ?) OR EXISTS(SELECT 1 FROM {0} WHERE removed > ?)"
        return any(
            self._connection.execute(query.format(table), (self._revision, self._revision)).fetchone()[0]
            for table in ("pages", "stories")
        )

    def _chunks_without_vector(self) -> list[int]:
        rows = self._connection.execute(
            "SELECT c.key FROM pages p JOIN chunks c ON c.page = p.key LEFT JOIN vectors v ON v.chunk = c.key AND v.model = ? "
            "WHERE p.removed IS NULL AND v.chunk IS NULL ORDER BY c.key",
            (self._model,),
        )
        return [int(key) for (key,) in rows]
