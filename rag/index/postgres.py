"""The edge to PostgreSQL: connections that take the store's statements as SQLite does, and its errors as ours."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from rag.addresses import said, shown
from rag.errors import BackendError, ConfigError, IndexStateError
from rag.index.postgres_schema import KEYS, schema_of, statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Parameters = Sequence[Any] | Mapping[str, Any]

CONNECT_SECONDS = 5
# Insertions that are sent together.
SENT = 500
_PUT = re.compile(r"INSERT OR REPLACE INTO (\w+) \(([^)]*)\) VALUES \(([^)]*)\)")
_RULES = (
    # SQLite's CROSS JOIN only keeps the order of the tables.
    (re.compile(r"CROSS JOIN (\w+ \w+) ON"), r"JOIN \1 ON"),
    (re.compile(r"SELECT value FROM json_each\(:keys\)"), "SELECT jsonb_array_elements_text(:keys::jsonb)::bigint"),
    (re.compile(r"SELECT value FROM json_each\(:ids\)"), "SELECT jsonb_array_elements_text(:ids::jsonb)"),
    (re.compile(r"json_each\(a\.flags\) f"), "jsonb_array_elements_text(a.flags::jsonb) AS f (value)"),
    (re.compile(r"BEGIN IMMEDIATE"), "BEGIN"),
    (re.compile(r"\?"), "%s"),
    (re.compile(r"(?<!:):(\w+)"), r"%(\1)s"),
)


class PostgresConnection:
    """One connection in one schema. Insertions are gathered and sent before the next other statement."""

    def __init__(self, database: str, connection: Any) -> None:  # noqa: ANN401 - psycopg is imported late
        self._database = database
        self._connection = connection
        self._waiting: list[tuple[str, Parameters]] = []
        self._streams = 0

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction was begun and not ended."""
        from psycopg.pq import TransactionStatus

        return self._connection.info.transaction_status != TransactionStatus.IDLE  # type: ignore[no-any-return]

    @property
    def is_broken(self) -> bool:
        """Whether the server has gone."""
        return bool(self._connection.closed)

    def is_alive(self) -> bool:
        """Whether the server still answers here."""
        import psycopg

        try:
            self._connection.execute(b"SELECT 1")
        except psycopg.Error:
            self._connection.close()
            return False
        return True

    def execute(self, statement: str, parameters: Parameters = (), /) -> Any:  # noqa: ANN401 - a cursor of psycopg
        """Run one statement written in SQLite's words."""
        with reached(self._database):
            words = translated(statement)
            if statement.startswith("INSERT OR REPLACE") and self.in_transaction:
                self._waiting.append((words, parameters))
                if len(self._waiting) >= SENT:
                    self._send()
                return self._connection.cursor()
            if statement == "ROLLBACK":
                self._waiting.clear()
            self._send()
            return self._connection.execute(words, parameters or None)

    def stream(self, statement: str, parameters: Parameters, /) -> Iterator[Any]:
        """Yield the rows of a selection; they stay with the server until they are asked for."""
        with reached(self._database):
            self._send()
            self._streams += 1
            with self._connection.cursor(name=f"stream{self._streams}", withhold=True) as cursor:
                cursor.execute(translated(statement), parameters or None)
                yield from cursor

    def close(self) -> None:
        """Give up what is not committed."""
        self._connection.close()

    def _send(self) -> None:
        """Send what waits, as few round trips as its order allows."""
        waiting, self._waiting = self._waiting, []
        start = 0
        with self._connection.cursor() as cursor:
            for place, (words, _) in enumerate(waiting):
                if place + 1 == len(waiting) or waiting[place + 1][0] != words:
                    cursor.executemany(words, [parameters for _, parameters in waiting[start : place + 1]])
                    start = place + 1


class PostgresPool:
    """Connections for reading; safe across threads and forks. A server that comes back is found again."""

    def __init__(self, database: str) -> None:
        self._database = database
        self._idle: list[PostgresConnection] = []
        self._lock = Lock()
        self._process = os.getpid()
        self._inherited: list[PostgresConnection] = []
        self._closed = False

    @contextmanager
    def connection(self) -> Iterator[PostgresConnection]:
        """Lend a connection. Raises `BackendError`."""
        lent = self._take()
        try:
            yield lent
        finally:
            self._give_back(lent)

    def close(self) -> None:
        """Close the idle connections, and each lent one when it comes back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        if self._process == os.getpid():
            for connection in idle:
                connection.close()

    def _take(self) -> PostgresConnection:
        if self._process != os.getpid():
            # A child must not even close what its parent opened.
            self._lock, self._process = Lock(), os.getpid()
            self._inherited, self._idle = self._inherited + self._idle, []
        while True:
            with self._lock:
                if not self._idle:
                    break
                kept = self._idle.pop()
            if kept.is_alive():
                return kept
        return connect_postgres(self._database)

    def _give_back(self, connection: PostgresConnection) -> None:
        with self._lock:
            if not self._closed and not connection.is_broken:
                self._idle.append(connection)
                return
        connection.close()


def connect_postgres(database: str, *, make: bool = False) -> PostgresConnection:
    """Connect to `postgresql://...`, in the schema of the index; `make` makes that and its tables where they are missing."""
    name = schema_of(database)
    with reached(database):
        from psycopg import connect

        from rag.index.postgres_texts import EscapingDumper, EscapingLoader

        connection = connect(_address(database), autocommit=True, connect_timeout=CONNECT_SECONDS)
        connection.adapters.register_dumper(str, EscapingDumper)
        connection.adapters.register_loader("text", EscapingLoader)
        if make:
            connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{name}"'.encode())
        connection.execute(f'SET search_path TO "{name}"'.encode())
        for statement in statements() if make else ():
            connection.execute(statement.encode())
    return PostgresConnection(database, connection)


def has_tables(database: str) -> bool:
    """Tell whether all tables of the index are there; a machine that died while it made them leaves some."""
    connection = connect_postgres(database)
    try:
        # The last one that is made.
        found = connection.execute("SELECT to_regclass('parts') IS NOT NULL").fetchone()
        return bool(found[0])
    finally:
        connection.close()


@cache
def translated(statement: str) -> str:
    """Return a statement of the store as PostgreSQL takes it."""
    put = _PUT.fullmatch(statement)
    if put is not None:
        table, names = put[1], put[2].split(", ")
        keys = ", ".join(KEYS[table])
        changed = ", ".join(f"{name} = EXCLUDED.{name}" for name in names if name not in KEYS[table])
        put_in = f"INSERT INTO {table} ({put[2]}) VALUES ({put[3]})"  # noqa: S608 - the code's own words
        statement = f"{put_in} ON CONFLICT ({keys}) DO UPDATE SET {changed}"
    for pattern, words in _RULES:
        statement = pattern.sub(words, statement)
    return statement


@contextmanager
def reached(database: str) -> Iterator[None]:
    """Turn what psycopg reports into our errors."""
    try:
        import psycopg
    except ImportError as error:
        raise ConfigError(
            f"the store `{shown(database)}` needs the package `{error.name}`; run pip install 'huwen[postgresql]'"
        ) from error
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise BackendError(
            f"PostgreSQL at `{shown(database)}` does not answer ({said(error)}); start it, or correct `store`, and run "
            f"this again"
        ) from error
    except psycopg.Error as error:
        raise IndexStateError(
            f"the store `{shown(database)}` refused a statement ({said(error)}); see the log of PostgreSQL, "
            f"put that right and run the same command again"
        ) from error


def _address(database: str) -> str:
    return database.partition("#")[0]
