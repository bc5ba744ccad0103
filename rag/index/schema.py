"""The tables of the store, and how connections to them are opened."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from rag.index.disk import reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_SECONDS = 30.0
PAGE_SIZE = 4096

# A page is visible at revision r when added <= r and not removed <= r; its articles and chunks follow it.
# Keys come from one counter and are never used again, because segments carry them.
# Each row ends with a seal over its other columns, in the order of `rag.index.rows`.
SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL, seal INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (
    key INTEGER PRIMARY KEY, page_id TEXT NOT NULL, hash TEXT NOT NULL, articles INTEGER NOT NULL,
    chunks INTEGER NOT NULL, added INTEGER NOT NULL, removed INTEGER, seal INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS pages_id ON pages (page_id);
CREATE INDEX IF NOT EXISTS pages_added ON pages (added);
CREATE INDEX IF NOT EXISTS pages_removed ON pages (removed) WHERE removed IS NOT NULL;
CREATE TABLE IF NOT EXISTS raws (page INTEGER PRIMARY KEY, body BLOB NOT NULL, seal INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS articles (
    key INTEGER PRIMARY KEY, page INTEGER NOT NULL, article_id TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
    source_path TEXT NOT NULL, lang TEXT NOT NULL, source TEXT, origin TEXT, published TEXT, url TEXT, flags TEXT NOT NULL,
    particulars TEXT NOT NULL, seal INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS articles_id ON articles (article_id);
CREATE INDEX IF NOT EXISTS articles_page ON articles (page);
CREATE INDEX IF NOT EXISTS articles_published ON articles (published) WHERE published IS NOT NULL;
CREATE INDEX IF NOT EXISTS articles_flags ON articles (key) WHERE flags != '[]';
CREATE TABLE IF NOT EXISTS chunks (
    key INTEGER PRIMARY KEY, page INTEGER NOT NULL, article INTEGER NOT NULL, chunk_id TEXT NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, header TEXT NOT NULL, content BLOB NOT NULL, seal INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS chunks_id ON chunks (chunk_id);
CREATE INDEX IF NOT EXISTS chunks_page ON chunks (page);
CREATE INDEX IF NOT EXISTS chunks_content ON chunks (content);
CREATE TABLE IF NOT EXISTS vectors (
    chunk INTEGER PRIMARY KEY, model TEXT NOT NULL, code BLOB NOT NULL, seal INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS stories (
    article_id TEXT NOT NULL, story TEXT NOT NULL, added INTEGER NOT NULL, removed INTEGER, seal INTEGER NOT NULL,
    PRIMARY KEY (article_id, added)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS stories_story ON stories (story);
CREATE TABLE IF NOT EXISTS numbers (
    page_id TEXT NOT NULL, article TEXT NOT NULL, number INTEGER NOT NULL, seal INTEGER NOT NULL,
    PRIMARY KEY (page_id, article)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS forgotten (
    page_id TEXT PRIMARY KEY, hash TEXT NOT NULL, seal INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS roots (path TEXT PRIMARY KEY, seal INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime INTEGER NOT NULL, ctime INTEGER NOT NULL, seen INTEGER NOT NULL,
    hash TEXT NOT NULL, seal INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS holders (
    path TEXT NOT NULL, page_id TEXT NOT NULL, own INTEGER NOT NULL, hash TEXT NOT NULL, published TEXT NOT NULL,
    mtime INTEGER NOT NULL, seal INTEGER NOT NULL, PRIMARY KEY (path, page_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS holders_page ON holders (page_id);
CREATE TABLE IF NOT EXISTS skipped (path TEXT PRIMARY KEY, reason TEXT NOT NULL, seal INTEGER NOT NULL) WITHOUT ROWID;
"""


def connect_writer(path: Path) -> sqlite3.Connection:
    """Open the store for the one writer, with its tables made. Transactions are begun by hand."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)
    connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    # What was removed is not to be found in the free pages of the file.
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA cache_size = -65536")
    connection.executescript(SCHEMA)
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """Open the store for reading. A folder that cannot be written to is read without SQLite's shared memory."""
    connection = _connect(path, "mode=ro")
    try:
        connection.execute("SELECT 1 FROM meta LIMIT 1")
    except sqlite3.OperationalError:
        connection.close()
        connection = _connect(path, "mode=ro&immutable=1")
    return connection


def _connect(path: Path, options: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?{options}"
    return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False)


class ReaderPool:
    """Connections for reading, one for each thread that is reading at the moment; safe across threads and forks."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[sqlite3.Connection] = []
        self._lock = Lock()
        self._process = os.getpid()
        # SQLite forbids a child process to touch, even to close, a connection that its parent opened.
        self._inherited: list[sqlite3.Connection] = []
        self._closed = False

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection; what SQLite reports inside becomes `IndexDamagedError`."""
        with reading(self._path.parent):
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

    def _take(self) -> sqlite3.Connection:
        if self._process != os.getpid():
            self._forget_inherited()
        with self._lock:
            if self._idle:
                return self._idle.pop()
        if not self._path.exists():
            raise FileNotFoundError(2, "the store is missing", str(self._path))
        return connect_reader(self._path)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    def _forget_inherited(self) -> None:
        # The parent's lock may have been held by another thread at the moment of the fork: it is replaced, too.
        self._lock = Lock()
        self._inherited += self._idle
        self._idle = []
        self._process = os.getpid()
