"""Remembers vectors by model and text, in one SQLite file, so that no text is paid for twice.

The cache only ever saves work: where its file cannot be opened, is damaged or locked, texts are embedded as if it were not there.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import sqlite3
import threading
import time
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from rag.protocols import Embedder
    from rag.types import Kind

LOG = logging.getLogger("huwen.embeddings")
SCHEMA = (
    "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, used INTEGER NOT NULL, code BLOB NOT NULL) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS by_use ON vectors (used)",
)
BUSY_S = 5.0
MOST_BYTES = 4 * 1024**3
DROPPED = 0.2  # of the rows, those unused for longest, when the file has grown too large
ASKED = 500  # keys in one query


class CachedEmbedder:
    """Another embedder, with its passages' vectors kept; questions are short and rarely come twice, and go straight on.

    Vectors are kept in half precision, as the index keeps them, so that an index is the same with and without the cache.
    """

    def __init__(self, embedder: Embedder, *, path: Path, most_bytes: int = MOST_BYTES) -> None:
        self._embedder = embedder
        self._path = path
        self._most_bytes = most_bytes
        self._lock = threading.Lock()

    @property
    def identity(self) -> str:
        """The embedder's own."""
        return self._embedder.identity

    @property
    def dimension(self) -> int:
        """The embedder's own."""
        return self._embedder.dimension

    def embed(self, texts: Sequence[str], *, kind: Kind) -> NDArray[np.float32]:
        """Return one row a text, embedding those that are not known. Raises what the embedder raises."""
        if kind == "query" or not texts:
            return self._embedder.embed(texts, kind=kind)
        keys = [_key(self.identity, text) for text in texts]
        known = self._known(keys)
        unknown = [at for at, key in enumerate(keys) if key not in known]
        fresh = self._embedder.embed([texts[at] for at in unknown], kind=kind).astype("<f2")
        self._keep({keys[at]: row.tobytes() for at, row in zip(unknown, fresh, strict=True)})
        found = {**known, **{keys[at]: row for at, row in zip(unknown, fresh, strict=True)}}
        vectors = np.stack([found[key] for key in keys]).astype(np.float32)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: NDArray[np.float32] = vectors / np.maximum(norms, np.finfo(np.float32).tiny)
        return unit

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float16]]:
        found: dict[bytes, NDArray[np.float16]] = {}
        width = 2 * self.dimension
        with self._lock, _forgiving(self._path), contextlib.closing(self._opened()) as connection:
            for start in range(0, len(keys), ASKED):
                part = keys[start : start + ASKED]
                marks = ",".join("?" * len(part))
                rows = connection.execute(f"SELECT key, code FROM vectors WHERE key IN ({marks})", part)  # noqa: S608
                found |= {key: np.frombuffer(code, "<f2") for key, code in rows if len(code) == width}
            now = int(time.time())
            connection.executemany("UPDATE vectors SET used = ? WHERE key = ?", [(now, key) for key in found])
            connection.commit()
        return found

    def _keep(self, rows: dict[bytes, bytes]) -> None:
        if not rows:
            return
        with self._lock, _forgiving(self._path), contextlib.closing(self._opened()) as connection:
            now = int(time.time())
            fresh = [(key, now, code) for key, code in rows.items()]
            connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", fresh)
            (pages,), (size,) = (
                connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size")
            )
            if pages * size > self._most_bytes:
                _drop_oldest(connection)
            connection.commit()

    def _opened(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=BUSY_S)
        connection.execute("PRAGMA journal_mode = WAL")
        for statement in SCHEMA:
            connection.execute(statement)
        return connection


def _key(identity: str, text: str) -> bytes:
    return hashlib.sha256(f"{identity}\0{text}".encode("utf-8", "surrogatepass")).digest()


def _drop_oldest(connection: sqlite3.Connection) -> None:
    (count,) = connection.execute("SELECT COUNT(*) FROM vectors").fetchone()
    oldest = "SELECT key FROM vectors ORDER BY used, key LIMIT ?"
    connection.execute(f"DELETE FROM vectors WHERE key IN ({oldest})", (int(count * DROPPED) + 1,))  # noqa: S608


@contextlib.contextmanager
def _forgiving(path: Path) -> Iterator[None]:
    """Turn a cache that cannot be used into one that knows nothing; a damaged file is removed, to be made anew."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        LOG.warning("the vector cache `%s` cannot be used (%s)", path, error)
        if not isinstance(error, sqlite3.OperationalError):
            path.unlink(missing_ok=True)
    except OSError as error:
        LOG.warning("the vector cache `%s` cannot be used (%s)", path, error)
