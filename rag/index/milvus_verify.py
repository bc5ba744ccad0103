"""Compares a generation in Milvus with what was written: every row by its seal, all keys, the alias, the term statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import IndexDamagedError
from rag.index.milvus import ADDED, KEY, Milvus, MissingCollectionError
from rag.index.milvus_rows import row_seal
from rag.index.terms import open_terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from rag.index.layout import Layout
    from rag.index.manifest import EngineRecord, Manifest

# Rows that are read at once, vectors and all.
BATCH = 1_000


def milvus_problems(layout: Layout, manifest: Manifest, *, live: Set[int], dead: Set[int]) -> Iterator[str]:
    """Yield what is wrong with a revision's generation. Raises `BackendError`.

    `live` are the keys of its chunks, `dead` those that it removed and that older readers may still need.
    """
    record = manifest.engine
    if record is None:
        return
    for row in record.terms:
        try:
            open_terms(layout, row)
        except IndexDamagedError as error:
            yield str(error)
    milvus = Milvus(record.uri)
    try:
        yield from _collection_problems(milvus, record, revision=manifest.revision, live=live, dead=dead)
    except MissingCollectionError:
        yield f"Milvus has no collection `{record.collection}`"
    finally:
        milvus.close()


def _collection_problems(
    milvus: Milvus, record: EngineRecord, *, revision: int, live: Set[int], dead: Set[int]
) -> Iterator[str]:
    broken, seen = 0, set()
    for row in milvus.rows(record.collection, where=f"{ADDED} <= {revision}", batch=BATCH):
        seen.add(int(row[KEY]))
        broken += row_seal(row) != int(row["seal"])
    if broken:
        yield f"{broken} rows in Milvus do not match their seals"
    if missing := len(live - seen):
        yield f"Milvus lacks {missing} of {len(live)} chunks"
    if foreign := len(seen - live - dead):
        yield f"Milvus holds {foreign} rows that the store does not show"
    pointed = milvus.pointed(record.name)
    if pointed != record.collection:
        yield f"the alias `{record.name}` in Milvus means `{pointed}`, not `{record.collection}`"
