"""Rows of the store to values and back, each row with a seal of our own that a flipped bit breaks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeAlias

from rag.index.particulars import particulars_of_text, particulars_text
from rag.types import Article, Chunk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.index.connection import Connection

Field: TypeAlias = str | int | bytes | None

PAGE_COLUMNS = ("key", "page_id", "hash", "articles", "chunks", "added", "removed")
ARTICLE_COLUMNS = (
    "key",
    "page",
    "article_id",
    "title",
    "text",
    "source_path",
    "lang",
    "source",
    "origin",
    "published",
    "url",
    "flags",
    "particulars",
)
CHUNK_COLUMNS = ("key", "page", "article", "chunk_id", "start", "stop", "header", "content")
RAW_COLUMNS = ("page", "body")
VECTOR_COLUMNS = ("chunk", "model", "code")
# What a page consists of, and what the sync remembers beside the pages.
PAGE_TABLES = {
    "pages": PAGE_COLUMNS,
    "raws": RAW_COLUMNS,
    "articles": ARTICLE_COLUMNS,
    "chunks": CHUNK_COLUMNS,
    "vectors": VECTOR_COLUMNS,
}
MEMORY_TABLES = {
    "numbers": ("page_id", "article", "number"),
    "forgotten": ("page_id", "hash"),
    "roots": ("path",),
    "files": ("path", "size", "mtime", "ctime", "seen", "hash"),
    "holders": ("path", "page_id", "own", "hash", "published", "mtime"),
    "skipped": ("path", "reason"),
}
STORY_COLUMNS = ("article_id", "story", "added", "removed")
TABLES = PAGE_TABLES | MEMORY_TABLES | {"stories": STORY_COLUMNS, "meta": ("name", "value")}
CONTENT_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChunk:
    """A chunk's row: its keys, and offsets instead of text."""

    key: int
    page: int
    article: int
    chunk_id: str
    start: int
    stop: int
    header: str


def seal(fields: Sequence[Field]) -> int:
    """Return a signed 64-bit checksum of the fields' values, types and order."""
    digest = blake2b(b"".join(map(_encoded, fields)), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def put_row(connection: Connection, table: str, values: Sequence[Field]) -> int:
    """Insert or replace a row, sealed, and return its seal."""
    value = seal(values)
    names = ", ".join((*TABLES[table], "seal"))
    marks = ", ".join("?" for _ in (*values, value))
    connection.execute(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", (*values, value))  # noqa: S608
    return value


def columns(names: Sequence[str], *, of: str) -> str:
    """Return the columns and the seal of one table for a SELECT, in the order in which they are sealed."""
    return ", ".join(f"{of}.{name}" for name in (*names, "seal"))


def intact(row: Sequence[Field]) -> bool:
    """Tell whether a row whose last column is its seal is as it was written."""
    return row[-1] == seal(row[:-1])


def content_hash(header: str, text: str) -> bytes:
    """Return what decides whether two chunks have the same vector."""
    return blake2b(embedded_text(header, text).encode(), digest_size=CONTENT_BYTES).digest()


def embedded_text(header: str, text: str) -> str:
    """Return what is embedded for a chunk, and what its words are taken from."""
    return f"{header}\n{text}"


def article_fields(key: int, page: int, article: Article) -> tuple[Field, ...]:
    """Return the values of `ARTICLE_COLUMNS`."""
    return (
        key,
        page,
        article.article_id,
        article.title,
        article.text,
        article.source_path,
        article.lang,
        article.source,
        article.origin,
        None if article.published is None else article.published.isoformat(),
        article.url,
        json.dumps(article.flags),
        particulars_text(article.particulars),
    )


def article_of(row: Sequence[Field], *, page_id: str) -> Article:
    """Return the article of an intact row."""
    _, _, article_id, title, text, source_path, lang, source, origin, published, url, flags, told = row[
        : len(ARTICLE_COLUMNS)
    ]
    return Article(
        article_id=str(article_id),
        page_id=page_id,
        title=str(title),
        text=str(text),
        source_path=str(source_path),
        lang="en" if lang == "en" else "zh",
        source=_text(source),
        origin=_text(origin),
        published=None if published is None else date.fromisoformat(str(published)),
        url=_text(url),
        flags=tuple(json.loads(str(flags))),
        particulars=particulars_of_text(str(told)),
    )


def chunk_of(stored: StoredChunk, article: Article) -> Chunk:
    """Return the chunk with its text cut out of its article."""
    return Chunk(
        chunk_id=stored.chunk_id,
        article_id=article.article_id,
        start=stored.start,
        end=stored.stop,
        header=stored.header,
        text=article.text[stored.start : stored.stop],
    )


def stored_chunk(row: Sequence[Field]) -> StoredChunk:
    """Return the value of an intact row of `CHUNK_COLUMNS`."""
    key, page, article, chunk_id, start, stop, header = row[:7]
    return StoredChunk(
        key=_int(key),
        page=_int(page),
        article=_int(article),
        chunk_id=str(chunk_id),
        start=_int(start),
        stop=_int(stop),
        header=str(header),
    )


def _encoded(value: Field) -> bytes:
    """Return a value with its type and length before it."""
    if value is None:
        return b"n0:"
    if isinstance(value, str):
        data = value.encode()
        return b"s%d:%b" % (len(data), data)
    if isinstance(value, bytes):
        return b"b%d:%b" % (len(value), value)
    data = b"%d" % value
    return b"i%d:%b" % (len(data), data)


def _int(value: Field) -> int:
    if not isinstance(value, int):
        raise TypeError(f"expected an integer, got {value!r}")
    return value


def _text(value: Field) -> str | None:
    return None if value is None else str(value)
