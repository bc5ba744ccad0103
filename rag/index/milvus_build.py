"""Derives a generation in Milvus from the store: a new collection, or the one before with what a revision changed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from rag.errors import IndexDamagedError
from rag.index.changes import load_census
from rag.index.engine import is_engine
from rag.index.generations import tokens_identity
from rag.index.manifest import EngineRecord
from rag.index.milvus import KEY, Milvus, MissingCollectionError
from rag.index.milvus_rows import ADDED_SINCE, REMOVED_SINCE, milvus_row, stored_texts, stored_vectors
from rag.index.terms import Terms, extend_terms, open_terms
from rag.index.weights import TermCounts, term_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rag.index.connection import Connection
    from rag.index.engine import EngineChoice
    from rag.index.layout import Layout
    from rag.index.manifest import Manifest
    from rag.index.milvus_rows import StoredText

BATCH = 256
# A generation is made anew when the mean length of chunks has moved further than this from the frozen one.
DRIFT = 0.02
# Up to this many chunks a flat scan answers within some ten milliseconds a core; above, a graph (HNSW) is walked.
FLAT = 200_000
# Milvus takes a list of so many keys in one expression.
LISTED = 1_000


class MilvusDerivation:
    """What revision `target` of a store is in Milvus; `published` is the revision before, if it is of use."""

    def __init__(
        self,
        layout: Layout,
        connection: Connection,
        *,
        choice: EngineChoice,
        published: Manifest | None,
        target: int,
        model: str,
        dimension: int,
    ) -> None:
        self._layout = layout
        self._connection = connection
        self._choice = choice
        self._published = published
        self._target = target
        self._model = model
        self._dimension = dimension
        self._milvus = Milvus(choice.uri)
        self.notes: list[str] = []

    def record(self) -> EngineRecord:
        """Write what is missing and return the generation of the target revision."""
        self._layout.terms.mkdir(exist_ok=True)
        try:
            return self._following() or self._new()
        finally:
            self._milvus.close()

    def _following(self) -> EngineRecord | None:
        """Return the generation before with what changed since; `None` where a new one is due."""
        published = self._published
        if published is None or published.engine is None or not self._is_usable(published, published.engine):
            return None
        return self._extended(published, published.engine)

    def _is_usable(self, published: Manifest, record: EngineRecord) -> bool:
        if not is_engine(published, self._choice) or published.embedder != self._model:
            return False
        if record.tokens == tokens_identity() and self._has_terms(record):
            return True
        self.notes.append("the generation in Milvus was built anew: its terms are damaged, or of another tokenizer")
        return False

    def _has_terms(self, record: EngineRecord) -> bool:
        """Tell whether all term files are whole; on a machine that has none yet they are fetched."""
        try:
            for row in record.terms:
                open_terms(self._layout, row)
        except IndexDamagedError:
            return False
        return True

    def _extended(self, published: Manifest, record: EngineRecord) -> EngineRecord | None:
        counts, before = TermCounts(), Counter({"documents": record.documents, "length": record.length})
        gone = self._counted(REMOVED_SINCE, published.revision, counts, times=-1)
        come = self._counted(ADDED_SINCE, published.revision, counts, times=1)
        documents, length = (before[name] + come[name] - gone[name] for name in ("documents", "length"))
        if not self._is_like(record, documents=documents, length=length):
            return None
        try:
            # What a command that died left behind has this revision's number or a higher one.
            self._milvus.delete(record.collection, where=f"added > {published.revision}")
            self._put(record.collection, since=published.revision, average=record.average)
        except MissingCollectionError:
            self.notes.append("the generation in Milvus was built anew: its collection was gone")
            return None
        terms = extend_terms(
            self._layout, self._connection, record.terms, Terms(*counts.counted()), revision=self._target
        )
        return replace(record, documents=documents, length=length, terms=terms)

    def _is_like(self, record: EngineRecord, *, documents: int, length: int) -> bool:
        if documents == 0 or documents != self._live_chunks() or (record.flat and documents > FLAT):
            return False
        return abs(length / documents / record.average - 1) <= DRIFT

    def _new(self) -> EngineRecord:
        counts = TermCounts()
        told = self._counted(ADDED_SINCE, 0, counts, times=1)
        documents, length = told["documents"], told["length"]
        average = max(1.0, length / documents) if documents else 1.0
        collection = f"{self._choice.name}_{self._target:06d}"
        self._milvus.create(collection, dimension=self._dimension, flat=documents <= FLAT)
        self._put(collection, since=0, average=average)
        self._milvus.point(self._choice.name, collection)
        return EngineRecord(
            uri=self._choice.uri,
            name=self._choice.name,
            collection=collection,
            documents=documents,
            length=length,
            average=average,
            tokens=tokens_identity(),
            flat=documents <= FLAT,
            terms=extend_terms(self._layout, self._connection, (), Terms(*counts.counted()), revision=self._target),
        )

    def _counted(self, which: str, since: int, counts: TermCounts, *, times: int) -> Counter[str]:
        """Count terms, documents and tokens of the chunks that meet a condition."""
        told: Counter[str] = Counter()
        for found in self._texts(which, since):
            told.update(documents=1, length=len(found.tokens))
            counts.add(set(map(term_id, found.tokens)), times=times)
        return told

    def _put(self, collection: str, *, since: int, average: float) -> None:
        texts = self._texts(ADDED_SINCE, since)
        sent = False
        while batch := list(islice(texts, BATCH)):
            keys = [found.chunk.key for found in batch]
            vectors = stored_vectors(self._connection, keys, folder=self._layout.folder, model=self._model)
            rows = [milvus_row(found, vectors[found.chunk.key], added=self._target, average=average) for found in batch]
            self._milvus.upsert(collection, rows)
            sent = True
        if sent:
            self._milvus.flush(collection)

    def _texts(self, which: str, since: int) -> Iterator[StoredText]:
        return stored_texts(self._connection, folder=self._layout.folder, condition=which, since=since)

    def _live_chunks(self) -> int:
        census, _ = load_census(self._connection)
        return census.chunks


def clean_milvus(connection: Connection, *, held: Sequence[Manifest]) -> None:
    """Delete the collections and rows that only revisions without a reader use. The current revision comes first."""
    record = held[0].engine
    if record is None:
        return
    milvus = Milvus(record.uri)
    used = {manifest.engine.collection for manifest in held if manifest.engine is not None}
    oldest = min(manifest.revision for manifest in held)
    try:
        for collection in milvus.collections(record.name):
            if collection not in used:
                milvus.drop(collection)
        dead = connection.execute(
            "SELECT c.key FROM pages p CROSS JOIN chunks c ON c.page = p.key WHERE p.removed <= ?", (oldest,)
        )
        for keys in _batches(key for (key,) in dead):
            milvus.delete(record.collection, where=f"{KEY} in [{', '.join(map(str, keys))}]")
    finally:
        milvus.close()


def _batches(keys: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(keys)
    while batch := list(islice(rest, LISTED)):
        yield batch
