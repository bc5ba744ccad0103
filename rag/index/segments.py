"""Vector segments: immutable files of chunk keys and half-precision vectors, read through memory maps."""

from __future__ import annotations

import mmap
import os
import struct
import zlib
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from rag.index.disk import damaged, reading
from rag.index.manifest import FileRecord, SegmentRecord

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import faiss
    from numpy.typing import NDArray

    from rag.index.layout import Layout

# Magic, dimension, rows; then int64 keys in ascending order, then float16 vectors.
HEADER = struct.Struct("<8sIxxxxQ")
MAGIC = b"HUWENSEG"


class Segment:
    """Rows of (chunk key, vector). `keys` has shape (rows,) and ascends, `codes` has shape (rows, dimension)."""

    def __init__(self, keys: NDArray[np.int64], codes: NDArray[np.float16]) -> None:
        self.keys = keys
        self.codes = codes

    @cached_property
    def floats(self) -> NDArray[np.float32]:
        """The vectors in single precision, for segments so small that their size does not matter."""
        return self.codes.astype(np.float32)

    @cached_property
    def flat(self) -> faiss.IndexScalarQuantizer:
        """The exact FAISS index over the rows, in their order."""
        import faiss

        index = faiss.IndexScalarQuantizer(
            self.codes.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        index.add_sa_codes(np.ascontiguousarray(self.codes).view(np.uint8))
        return index


def write_segment(path: Path, segment: Segment, *, revision: int) -> SegmentRecord:
    """Write a segment of at least one row, durably but for its name in the folder."""
    keys, codes = segment.keys, segment.codes
    parts = (
        HEADER.pack(MAGIC, codes.shape[1], len(keys)),
        keys.astype("<i8", copy=False).tobytes(),
        codes.astype("<f2", copy=False).tobytes(),
    )
    crc = size = 0
    with path.open("wb") as file:
        for part in parts:
            file.write(part)
            crc, size = zlib.crc32(part, crc), size + len(part)
        file.flush()
        os.fsync(file.fileno())
    return SegmentRecord(
        file=FileRecord(name=path.name, bytes=size, crc=crc),
        rows=len(keys),
        first=int(keys[0]),
        last=int(keys[-1]),
        revision=revision,
    )


def open_segment(layout: Layout, record: SegmentRecord, *, dimension: int) -> Segment:
    """Map a segment and check every byte of it. Raises `IndexDamagedError`."""
    path = layout.vectors / record.file.name
    with reading(layout.folder), path.open("rb") as file:
        if os.fstat(file.fileno()).st_size != record.file.bytes or record.file.bytes < HEADER.size:
            raise damaged(layout.folder, f"`vectors/{path.name}` does not have the size that the manifest says")
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    magic, width, rows = HEADER.unpack_from(data)
    if zlib.crc32(data) != record.file.crc or (magic, width, rows) != (MAGIC, dimension, record.rows):
        raise damaged(layout.folder, f"`vectors/{path.name}` does not match its checksum")
    keys = np.frombuffer(data, dtype="<i8", count=rows, offset=HEADER.size)
    codes = np.frombuffer(data, dtype="<f2", offset=HEADER.size + keys.nbytes).reshape(rows, width)
    return Segment(keys, codes)


def merge_segments(segments: Sequence[Segment], *, dead: NDArray[np.int64]) -> Segment:
    """Return one segment of the rows that are not dead."""
    keys = np.concatenate([segment.keys for segment in segments])
    codes = np.concatenate([segment.codes for segment in segments])
    alive = ~np.isin(keys, dead)
    keys, codes = keys[alive], codes[alive]
    order = np.argsort(keys, kind="stable")
    return Segment(keys[order], codes[order])
