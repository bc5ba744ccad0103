"""Opens an index for writing: one process at a time, with the embedder that it was built with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import IndexMismatchError, IndexMissingError
from rag.index.changes import DIMENSION, FORMAT_NAME, MODEL, get_meta, set_meta
from rag.index.connection import store_writer
from rag.index.disk import writing
from rag.index.layout import FORMAT
from rag.index.lease import current_manifest
from rag.index.lock import take_lock
from rag.index.place import place_of, remember_place
from rag.index.writer import IndexWriter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rag.index.connection import Connection
    from rag.index.layout import Layout
    from rag.index.manifest import Manifest


def open_writer(
    path: Path,
    *,
    embedder_identity: str,
    dimension: int,
    rebuild: bool = False,
    milvus: str | None = None,
    store: str | None = None,
) -> IndexWriter:
    """Open the index for writing, made if there is none.

    `milvus` is the address where its next revision is to be searched; `None` leaves that as it is. `store` is the database that
    holds it, `None` is what the folder says.

    Raises `IndexBusyError` at once where another process writes, `IndexMismatchError` where the index was built with
    another embedder and `rebuild` does not say that all its chunks are to be embedded anew.
    """

    def check(connection: Connection) -> None:
        _check_model(path, connection, embedder_identity, dimension, rebuild=rebuild)

    with writing(path):
        path.mkdir(parents=True, exist_ok=True)
    layout = place_of(path, store=store)
    remember_place(layout)
    return _opened(layout, check, milvus=milvus)


def open_existing(path: Path) -> IndexWriter:
    """Open an index for changes that need no embedder.

    Raises `IndexMissingError`, `IndexBusyError`, `IndexMismatchError` where a change of embedder was not finished.
    """
    layout = place_of(path)
    published = current_manifest(layout)

    def check(connection: Connection) -> None:
        model = get_meta(connection, MODEL)
        if model != published.embedder:
            raise IndexMismatchError(
                f"the index `{path}` is being changed from the embedder `{published.embedder}` to `{model}`; "
                f"finish that with `huwen index sync --rebuild --index {path}`"
            )

    return _opened(layout, check)


def _opened(layout: Layout, check: Callable[[Connection], None], *, milvus: str | None = None) -> IndexWriter:
    with writing(layout.folder):
        lock = take_lock(layout)
        try:
            published = _published(layout)
            connection = store_writer(layout)
            try:
                check(connection)
                return IndexWriter(layout, connection, lock, published=published, milvus=milvus)
            except BaseException:
                connection.close()
                raise
        except BaseException:
            lock.release()
            raise


def _published(layout: Layout) -> Manifest | None:
    try:
        return current_manifest(layout)
    except IndexMissingError:
        return None


def _check_model(path: Path, connection: Connection, identity: str, dimension: int, *, rebuild: bool) -> None:
    """Compare the embedder with the one that the store was made with, or write it into a new store."""
    known = get_meta(connection, MODEL)
    if known is not None and known != identity and not rebuild:
        raise IndexMismatchError(
            f"the index `{path}` was built with the embedder `{known}`, the configuration says `{identity}`; "
            f"set `embedder` back or run `huwen index sync --rebuild --index {path}`"
        )
    if known != identity:
        connection.execute("BEGIN IMMEDIATE")
        for name, value in ((FORMAT_NAME, FORMAT), (MODEL, identity), (DIMENSION, dimension)):
            set_meta(connection, name, str(value))
        connection.execute("COMMIT")
