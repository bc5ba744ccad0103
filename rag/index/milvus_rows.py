"""Chunks of the store as the rows that Milvus holds, each with a seal, so that what comes back can be checked."""

# ruff: noqa: S608 - tables and columns are named by the code, values are always bound

from __future__ import annotations

import struct
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from rag.index.connection import streamed
from rag.index.disk import damaged
from rag.index.milvus import DENSE, KEY, LONGEST, NUMBERS, SPARSE, TEXTS
from rag.index.rows import (
    ARTICLE_COLUMNS,
    CHUNK_COLUMNS,
    VECTOR_COLUMNS,
    article_of,
    columns,
    embedded_text,
    intact,
    seal,
    stored_chunk,
)
from rag.index.weights import document_weights
from rag.text.tokens import index_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from rag.index.connection import Connection
    from rag.index.milvus import Row
    from rag.index.rows import Field, StoredChunk
    from rag.types import Article, Filters

# Of all chunks: those that came after a revision and are in force, and those that a later one removed.
ADDED_SINCE = "p.added > ? AND p.removed IS NULL"
REMOVED_SINCE = "p.removed > ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredText:
    """A chunk as it is indexed: its keys, its article, its tokens."""

    chunk: StoredChunk
    article: Article
    text: str
    tokens: list[str]


def stored_texts(connection: Connection, *, folder: Path, condition: str, since: int) -> Iterator[StoredText]:
    """Yield the chunks that meet one of the conditions above, page by page, each row checked."""
    width = len(ARTICLE_COLUMNS) + 1
    rows = streamed(
        connection,
        f"SELECT p.page_id, {columns(ARTICLE_COLUMNS, of='a')}, {columns(CHUNK_COLUMNS, of='c')} FROM pages p "
        "CROSS JOIN articles a ON a.page = p.key CROSS JOIN chunks c ON c.page = p.key AND c.article = a.key "
        f"WHERE {condition}",
        (since,),
    )
    for page_id, *row in rows:
        if not (intact(row[:width]) and intact(row[width:])):
            raise damaged(folder, "a row in the store does not match its seal")
        article, chunk = article_of(row[:width], page_id=page_id), stored_chunk(row[width:])
        text = article.text[chunk.start : chunk.stop]
        yield StoredText(
            chunk=chunk, article=article, text=text, tokens=index_tokens(embedded_text(chunk.header, text))
        )


def stored_vectors(
    connection: Connection, keys: Sequence[int], *, folder: Path, model: str
) -> dict[int, NDArray[np.float32]]:
    """Map chunk keys to their vectors, each row checked. Raises `IndexDamagedError` where one is missing."""
    marks = ", ".join("?" for _ in keys)
    rows: list[tuple[Field, ...]] = connection.execute(
        f"SELECT {columns(VECTOR_COLUMNS, of='v')} FROM vectors v WHERE v.model = ? AND v.chunk IN ({marks})",
        (model, *keys),
    ).fetchall()
    if len(rows) < len(keys) or not all(map(intact, rows)):
        raise damaged(folder, "the store lacks vectors of some chunks, or holds damaged ones")
    return {int(str(row[0])): np.frombuffer(bytes(row[2]), "<f2").astype(np.float32) for row in rows}  # type: ignore[arg-type]


def milvus_row(found: StoredText, vector: NDArray[np.float32], *, added: int, average: float) -> Row:
    """Return the row of a chunk that revision `added` shows first; `average` is the generation's frozen length."""
    chunk, article = found.chunk, found.article
    row = {
        KEY: chunk.key,
        "added": added,
        "page": chunk.page,
        "day": 0 if article.published is None else article.published.toordinal(),
        "source_id": 0 if article.source is None else source_id(article.source),
        "chunk_id": chunk.chunk_id,
        "article_id": article.article_id,
        "page_id": article.page_id,
        "title": _fitting(article.title),
        "header": _fitting(chunk.header),
        "text": _fitting(found.text),
        "source": _fitting(article.source or ""),
        "lang": article.lang,
        DENSE: vector,
        SPARSE: document_weights(found.tokens, average=average),
    }
    return row | {"seal": row_seal(row)}


def row_seal(row: Row) -> int:
    """Return the seal over all other fields of a row, as it was sent or as it came back."""
    sparse = sorted((int(term), float(weight)) for term, weight in row[SPARSE].items())
    numbers = [int(row[name]) for name in (KEY, *NUMBERS) if name != "seal"]
    dense = np.asarray(row[DENSE], "<f4").tobytes()
    return seal(
        [*numbers, *(str(row[name]) for name in TEXTS), dense, b"".join(struct.pack("<If", *one) for one in sparse)]
    )


def source_id(name: str) -> int:
    """Return a source's number, from 1: filters compare numbers, so that no name has to be quoted in an expression."""
    return 1 + (int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big") >> 2)


def condition(filters: Filters, *, revision: int) -> str:
    """Return the expression for the rows of a revision that pass the filters."""
    limits = [f"added <= {revision}"]
    if filters.since is not None or filters.until is not None:
        # A row without a date has day 0.
        limits.append(f"day >= {1 if filters.since is None else filters.since.toordinal()}")
    if filters.until is not None:
        limits.append(f"day <= {filters.until.toordinal()}")
    if filters.source is not None:
        limits.append(f"source_id == {source_id(filters.source)}")
    if filters.lang is not None:
        limits.append(f'lang == "{filters.lang}"')
    return " and ".join(limits)


def _fitting(text: str) -> str:
    """Cut a text to what a field takes; the store has all of it."""
    data = text.encode()
    return text if len(data) <= LONGEST else data[:LONGEST].decode(errors="ignore")
