"""The store's tables in PostgreSQL, made from SQLite's, and those that take the place of an index folder's files."""

from __future__ import annotations

import re
from functools import cache

from rag.errors import ConfigError
from rag.index.schema import SCHEMA

DEFAULT_SCHEMA = "huwen"
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,50}")
# Manifests by revision, of which the highest is the current one; and the files that all machines need.
_SHARED = """
CREATE TABLE IF NOT EXISTS manifests (revision BIGINT PRIMARY KEY, body BYTEA NOT NULL, published BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS parts (name TEXT COLLATE "C" PRIMARY KEY, body BYTEA NOT NULL);
"""
_TYPES = (
    # Codes of characters, as SQLite sorts.
    (re.compile(r"\bTEXT\b"), 'TEXT COLLATE "C"'),
    (re.compile(r"\bINTEGER\b"), "BIGINT"),
    (re.compile(r"\bBLOB\b"), "BYTEA"),
    (re.compile(r" WITHOUT ROWID"), ""),
)
# What tells a row of each table from the others.
KEYS = {
    "pages": ("key",),
    "raws": ("page",),
    "articles": ("key",),
    "chunks": ("key",),
    "vectors": ("chunk",),
    "numbers": ("page_id", "article"),
    "forgotten": ("page_id",),
    "roots": ("path",),
    "files": ("path",),
    "holders": ("path", "page_id"),
    "skipped": ("path",),
    "stories": ("article_id", "added"),
    "meta": ("name",),
}


@cache
def statements() -> tuple[str, ...]:
    """Return the statements that make all tables that are missing."""
    text = SCHEMA
    for pattern, words in _TYPES:
        text = pattern.sub(words, text)
    return tuple(part.strip() for part in (text + _SHARED).split(";") if part.strip())


def schema_of(database: str) -> str:
    """Return the schema that holds the index: what follows `#` in its address. Raises `ConfigError`."""
    name = database.partition("#")[2] or DEFAULT_SCHEMA
    if _NAME.fullmatch(name) is None:
        raise ConfigError(f"`store`: `#{name}` cannot name an index; use a to z, 0 to 9 and _, 51 characters at most")
    return name
