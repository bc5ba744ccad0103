"""What the store's statements are run on: a connection to SQLite or to PostgreSQL, of which only this much is used."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Protocol

from rag.index.schema import ReaderPool, connect_reader, connect_writer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from rag.index.layout import Layout

    Parameters = Sequence[Any] | Mapping[str, Any]


class Cursor(Protocol):
    """The rows of one statement."""

    def fetchone(self) -> Any:  # noqa: ANN401 - rows are tuples of whatever the statement selects
        """Return the next row, `None` behind the last."""
        ...

    def fetchall(self) -> list[Any]:
        """Return the rows that are left."""
        ...

    def __iter__(self) -> Iterator[Any]:
        """Yield the rows that are left."""
        ...


class Connection(Protocol):
    """Runs statements, written in SQLite's words; transactions are begun and ended by statements."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction was begun and not ended."""
        ...

    def execute(self, statement: str, parameters: Parameters = ..., /) -> Cursor:
        """Run one statement; parameters are `?` in order or `:name`."""
        ...

    def close(self) -> None:
        """Give up what is not committed."""
        ...


class Pool(Protocol):
    """Connections for reading, one for each thread that is reading at the moment."""

    def connection(self) -> AbstractContextManager[Connection]:
        """Lend a connection."""
        ...

    def close(self) -> None:
        """Close the idle connections, and each lent one when it comes back."""
        ...


def store_writer(layout: Layout) -> Connection:
    """Open the store for the one writer, with its tables made."""
    if layout.database is None:
        return connect_writer(layout.store)
    from rag.index.postgres import connect_postgres

    return connect_postgres(layout.database, make=True)


def store_reader(layout: Layout) -> Connection:
    """Open the store for reading."""
    if layout.database is None:
        return connect_reader(layout.store)
    from rag.index.postgres import connect_postgres

    return connect_postgres(layout.database)


def store_pool(layout: Layout) -> Pool:
    """Return a pool of connections for reading; none is opened yet."""
    if layout.database is None:
        return ReaderPool(layout.store)
    from rag.index.postgres import PostgresPool

    return PostgresPool(layout.database)


def streamed(connection: Connection, statement: str, parameters: Parameters) -> Iterator[Any]:
    """Yield the rows of a selection that may be more than memory holds: they are fetched as they are asked for."""
    if isinstance(connection, sqlite3.Connection):
        yield from connection.execute(statement, parameters)
        return
    from rag.index.postgres import PostgresConnection

    if not isinstance(connection, PostgresConnection):
        raise TypeError(f"expected a connection to a store, got {type(connection).__name__}")
    yield from connection.stream(statement, parameters)


def has_store(layout: Layout) -> bool:
    """Tell whether there is a store, whatever its state."""
    if layout.database is None:
        return layout.store.exists()
    from rag.index.postgres import has_tables

    return has_tables(layout.database)
