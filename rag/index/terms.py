"""Term statistics: immutable files that say in how many chunks each term occurs, for engines that do not count themselves."""

from __future__ import annotations

import os
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.index.disk import damaged, reading, write_durably, writing
from rag.index.manifest import FileRecord, SegmentRecord
from rag.index.weights import summed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rag.index.connection import Connection
    from rag.index.layout import Layout

# Magic, rows; then uint32 terms in ascending order, then int32 counts. A count is a difference to the files before.
HEADER = struct.Struct("<8sQ")
MAGIC = b"HUWENTRM"
# A file joins the newer ones when it is at most this many times larger than they are together.
GROWTH = 3


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms in ascending order and what their counts changed by."""

    terms: NDArray[np.uint32]
    counts: NDArray[np.int32]

    def count(self, term: int) -> int:
        """Return the change of one term's count."""
        place = int(np.searchsorted(self.terms, term))
        return int(self.counts[place]) if place < len(self.terms) and self.terms[place] == term else 0


def open_terms(layout: Layout, record: SegmentRecord) -> Terms:
    """Read a file and check every byte of it. Raises `IndexDamagedError`."""
    data = _bytes(layout, record.file.name)
    whole = len(data) == record.file.bytes and zlib.crc32(data) == record.file.crc
    if not whole or HEADER.unpack_from(data) != (MAGIC, record.rows):
        raise damaged(layout.folder, f"`terms/{record.file.name}` does not match its checksum")
    terms = np.frombuffer(data, "<u4", count=record.rows, offset=HEADER.size)
    return Terms(terms, np.frombuffer(data, "<i4", offset=HEADER.size + terms.nbytes))


def _bytes(layout: Layout, name: str) -> bytes:
    """Return a file's bytes; one that another machine wrote is fetched from the store first."""
    path = layout.terms / name
    if layout.database is not None and not path.exists():
        from rag.index.postgres_revisions import fetch_part

        body = fetch_part(layout.database, name)
        if body is not None:
            with writing(layout.folder):
                layout.terms.mkdir(parents=True, exist_ok=True)
                write_durably(path, body)
    with reading(layout.folder):
        return path.read_bytes()


def extend_terms(
    layout: Layout, connection: Connection, records: Sequence[SegmentRecord], fresh: Terms, *, revision: int
) -> tuple[SegmentRecord, ...]:
    """Write what a revision changed and return the files that it consists of; small ones are put together."""
    if not len(fresh.terms):
        return tuple(records)
    kept, merged = list(records), fresh
    while kept and kept[-1].rows <= GROWTH * len(merged.terms):
        older = open_terms(layout, kept.pop())
        terms = np.concatenate([older.terms, merged.terms])
        merged = Terms(*summed(terms, np.concatenate([older.counts, merged.counts])))
    if not len(merged.terms):
        return tuple(kept)
    return (*kept, _write(layout, connection, merged, revision=revision))


def _write(layout: Layout, connection: Connection, terms: Terms, *, revision: int) -> SegmentRecord:
    data = b"".join(
        (
            HEADER.pack(MAGIC, len(terms.terms)),
            terms.terms.astype("<u4").tobytes(),
            terms.counts.astype("<i4").tobytes(),
        )
    )
    path = layout.terms / f"{revision:06d}.trm"
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if layout.database is not None:
        from rag.index.postgres_revisions import put_part

        put_part(connection, path.name, data)
    return SegmentRecord(
        file=FileRecord(name=path.name, bytes=len(data), crc=zlib.crc32(data)),
        rows=len(terms.terms),
        first=int(terms.terms[0]),
        last=int(terms.terms[-1]),
        revision=revision,
    )
