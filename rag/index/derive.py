"""Derives segments and generations from the store: what is new is added, what is damaged or too dead is built anew."""

# ruff: noqa: S608 - tables and columns are named by the code, values are always bound

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rag.errors import IndexDamagedError
from rag.index.changes import load_census
from rag.index.connection import streamed
from rag.index.disk import damaged
from rag.index.generations import Document, build_generation, tokens_identity
from rag.index.manifest import has_size
from rag.index.reading import dead_keys
from rag.index.rows import (
    ARTICLE_COLUMNS,
    CHUNK_COLUMNS,
    Field,
    article_of,
    columns,
    embedded_text,
    intact,
    stored_chunk,
)
from rag.index.segments import Segment, merge_segments, open_segment, write_segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rag.index.connection import Connection
    from rag.index.layout import Layout
    from rag.index.manifest import GenerationRecord, Manifest, SegmentRecord

# A segment joins the newer ones when it is at most this many times larger than they are together.
GROWTH = 3
# Parts are written anew without their dead rows when these are more than this share; small ones always are,
# because dead documents still weigh in BM25's frequencies.
DEAD_SHARE = 0.1
SMALL = 4096


# In all queries here a CROSS JOIN keeps the order of the tables: from the pages that changed to their chunks. Left to
# itself, SQLite reads every chunk of the index to save itself the sorting.


class Derivation:
    """What revision `target` of a store is derived from; `published` is the revision before, if its parts are of use."""

    def __init__(
        self,
        layout: Layout,
        connection: Connection,
        *,
        published: Manifest | None,
        target: int,
        model: str,
        dimension: int,
    ) -> None:
        self._layout = layout
        self._connection = connection
        self._published = published
        self._target = target
        self._model = model
        self._dimension = dimension
        self.notes: list[str] = []

    def segments(self) -> tuple[SegmentRecord, ...]:
        """Write what is missing and return the segments of the target revision."""
        published = self._published
        if published is not None and published.embedder == self._model:
            try:
                return self._extended_segments(published)
            except IndexDamagedError as error:
                self.notes.append(f"the vector segments were built anew: {error}")
        return self._written(self._stored_segment(since=0))

    def generation(self) -> GenerationRecord | None:
        """Write the generation of the target revision if it differs from the one before; `None` for no chunks."""
        published = self._published
        if published is None or published.generation is None:
            return self._new_generation()
        if not self._is_usable(published.generation):
            self.notes.append("the lexical generation was built anew: it was damaged, or made by another tokenizer")
            return self._new_generation()
        previous, since = published.generation, published.revision
        removed = self._connection.execute("SELECT key FROM pages WHERE removed > ?", (since,)).fetchall()
        added = self._added_chunks(since)
        dead = previous.documents + added - self._live_chunks()
        if dead > (0 if previous.documents <= SMALL else DEAD_SHARE * previous.documents):
            return self._new_generation()
        if not added and not removed:
            return previous
        return build_generation(
            self._generation_folder(),
            documents=self._documents(since=since),
            expected=added,
            previous=previous,
            removed_pages=[key for (key,) in removed],
        )

    def _extended_segments(self, published: Manifest) -> tuple[SegmentRecord, ...]:
        fresh = self._stored_segment(since=published.revision)
        merging: list[SegmentRecord] = []
        kept: list[SegmentRecord] = []
        for record in reversed(published.segments):
            if (
                len(fresh.keys)
                and not kept
                and record.rows <= GROWTH * (len(fresh.keys) + sum(row.rows for row in merging))
            ) or self._dead_rows(record) > DEAD_SHARE * record.rows:
                merging.append(record)
            elif has_size(self._layout.vectors / record.file.name, record.file):
                kept.append(record)
            else:
                raise damaged(self._layout.folder, f"`vectors/{record.file.name}` is missing or cut")
        if not merging and not len(fresh.keys):
            return published.segments
        opened = [open_segment(self._layout, record, dimension=self._dimension) for record in merging]
        merged = merge_segments([*opened, fresh], dead=dead_keys(self._connection, revision=self._target))
        return (*reversed(kept), *self._written(merged))

    def _written(self, segment: Segment) -> tuple[SegmentRecord, ...]:
        if not len(segment.keys):
            return ()
        path = self._layout.vectors / f"{self._target:06d}.seg"
        return (write_segment(path, segment, revision=self._target),)

    def _stored_segment(self, *, since: int) -> Segment:
        """Return the vectors of the chunks in force that came after a revision, each row checked."""
        rows = streamed(
            self._connection,
            "SELECT v.chunk, v.model, v.code, v.seal FROM pages p CROSS JOIN chunks c ON c.page = p.key "
            "CROSS JOIN vectors v ON v.chunk = c.key AND v.model = ? WHERE p.added > ? AND p.removed IS NULL",
            (self._model, since),
        )
        keys, codes = [], []
        for row in rows:
            self._check(row)
            keys.append(row[0])
            codes.append(row[2])
        if len(keys) != self._added_chunks(since):
            raise damaged(self._layout.folder, "the store lacks vectors of some chunks")
        vectors = np.frombuffer(b"".join(codes), "<f2").reshape(len(keys), self._dimension)
        order = np.argsort(np.array(keys, np.int64))
        return Segment(np.array(keys, np.int64)[order], vectors[order])

    def _new_generation(self) -> GenerationRecord | None:
        expected = self._live_chunks()
        if expected == 0:
            return None
        return build_generation(self._generation_folder(), documents=self._documents(since=0), expected=expected)

    def _documents(self, *, since: int) -> Iterator[Document]:
        """Yield the chunks in force that came after a revision, article by article, each row checked."""
        width = len(ARTICLE_COLUMNS) + 1
        rows = streamed(
            self._connection,
            f"SELECT {columns(ARTICLE_COLUMNS, of='a')}, {columns(CHUNK_COLUMNS, of='c')} FROM pages p "
            "CROSS JOIN articles a ON a.page = p.key CROSS JOIN chunks c ON c.page = p.key AND c.article = a.key "
            "WHERE p.added > ? AND p.removed IS NULL",
            (since,),
        )
        checked = 0
        for row in rows:
            if row[0] != checked:
                self._check(row[:width])
                checked = row[0]
            self._check(row[width:])
            article, chunk = article_of(row[:width], page_id=""), stored_chunk(row[width:])
            yield Document(
                key=chunk.key,
                page=chunk.page,
                text=embedded_text(chunk.header, article.text[chunk.start : chunk.stop]),
                lang=article.lang,
                source=article.source,
                published=article.published,
            )

    def _check(self, row: Sequence[Field]) -> None:
        if not intact(row):
            raise damaged(self._layout.folder, "a row in the store does not match its seal")

    def _added_chunks(self, since: int) -> int:
        query = (
            "SELECT COUNT(*) FROM pages p CROSS JOIN chunks c ON c.page = p.key WHERE p.added > ? AND p.removed IS NULL"
        )
        return int(self._connection.execute(query, (since,)).fetchone()[0])

    def _live_chunks(self) -> int:
        census, _ = load_census(self._connection)
        return census.chunks

    def _dead_rows(self, record: SegmentRecord) -> int:
        query = "SELECT COUNT(*) FROM pages p CROSS JOIN chunks c ON c.page = p.key WHERE p.removed > ? AND c.key BETWEEN ? AND ?"
        return int(self._connection.execute(query, (record.revision, record.first, record.last)).fetchone()[0])

    def _is_usable(self, record: GenerationRecord) -> bool:
        folder = self._layout.lexical / record.name
        return record.tokens == tokens_identity() and all(has_size(folder / file.name, file) for file in record.files)

    def _generation_folder(self) -> Path:
        return self._layout.lexical / f"{self._target:06d}"
