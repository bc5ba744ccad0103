"""The edge to Milvus: one server or one file of milvus-lite, its collections, and its errors as ours."""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any

from rag.addresses import said, shown
from rag.errors import BackendError, ConfigError, IndexBusyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Row = Mapping[str, Any]

# Milvus gives no more hits or rows at once.
MOST = 16_384
CONNECT_SECONDS, SEARCH_SECONDS, WRITE_SECONDS = 5.0, 10.0, 120.0
# A server that comes back is to be found within a second or two; by itself, gRPC lets up to two minutes pass.
CHANNEL = (
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.min_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 1000),
)
# Texts longer than this many bytes do not fit a field.
LONGEST = 65_535
# Milvus's own numbers for a collection that is not there, and for one that a restarted server has not opened yet.
_MISSING, _NOT_LOADED = (4, 100), (101,)
KEY, ADDED, DENSE, SPARSE = "key", "added", "dense", "sparse"
# Fields of whole numbers and of texts, beside the key.
NUMBERS = (ADDED, "page", "day", "source_id", "seal")
TEXTS = ("chunk_id", "article_id", "page_id", "title", "header", "text", "source", "lang")


class MissingCollectionError(Exception):
    """The server answers, and does not have the collection."""


class Milvus:
    """One Milvus, connected at the first call. Safe to share between threads; a server that comes back is found again."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self._lock = Lock()
        self._client: Any = None

    def close(self) -> None:
        """Let the connection go; safe to call twice."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def create(self, collection: str, *, dimension: int, flat: bool) -> None:
        """Make an empty collection, in place of one of that name that a dead process left."""
        with self._reached() as client:
            from pymilvus import DataType

            _drop(client, collection)
            schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field(KEY, DataType.INT64, is_primary=True)
            for name in NUMBERS:
                schema.add_field(name, DataType.INT64)
            for name in TEXTS:
                schema.add_field(name, DataType.VARCHAR, max_length=LONGEST)
            schema.add_field(DENSE, DataType.FLOAT_VECTOR, dim=dimension)
            schema.add_field(SPARSE, DataType.SPARSE_FLOAT_VECTOR)
            indexes = client.prepare_index_params()
            dense = (
                {"index_type": "FLAT"} if flat else {"index_type": "HNSW", "params": {"M": 32, "efConstruction": 200}}
            )
            indexes.add_index(DENSE, metric_type="IP", **dense)
            indexes.add_index(SPARSE, index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
            client.create_collection(collection, schema=schema, timeout=WRITE_SECONDS)
            # Of an empty collection there is nothing to wait for.
            client.create_index(collection, indexes, timeout=WRITE_SECONDS, sync=False)
            client.load_collection(collection, timeout=WRITE_SECONDS)

    def upsert(self, collection: str, rows: Sequence[Row]) -> None:
        """Add rows, in place of those with the same keys."""
        with self._reached() as client:
            client.upsert(collection, list(rows), timeout=WRITE_SECONDS)

    def delete(self, collection: str, *, where: str) -> None:
        """Delete the rows that meet a condition."""
        with self._reached() as client:
            self._loaded(client, collection, lambda: client.delete(collection, filter=where, timeout=WRITE_SECONDS))

    def flush(self, collection: str) -> None:
        """Have all that was written on the server's disk, and indexed."""
        with self._reached() as client:
            client.flush(collection, timeout=WRITE_SECONDS)

    def count(self, collection: str, *, where: str) -> int:
        """Return the number of rows that meet a condition, all that was written before counted."""
        (row,) = self._query(collection, where=where, fields=["count(*)"], limit=None)
        return int(row["count(*)"])

    def rows(self, collection: str, *, where: str, batch: int) -> Iterator[Row]:
        """Yield all rows that meet a condition, by key."""
        last = -1
        while found := self._query(collection, where=f"{where} and {KEY} > {last}", fields=["*"], limit=batch):
            # Milvus promises no order; without one, the lowest keys are not known to be there.
            yield from sorted(found, key=lambda row: int(row[KEY]))
            last = max(int(row[KEY]) for row in found)

    def search(
        self,
        collection: str,
        vector: NDArray[np.float32] | Mapping[int, float],
        *,
        where: str,
        limit: int,
        fields: Sequence[str] = (),
        newest: bool = False,
    ) -> list[tuple[int, float, Row]]:
        """Return key, inner product and fields of at most `limit` rows, best first.

        `newest` waits until what was written before the call can be found; a cluster may be seconds behind otherwise.
        """
        field = SPARSE if isinstance(vector, dict) else DENSE
        query = vector if isinstance(vector, dict) else [float(value) for value in vector]
        # The breadth of the walk through a graph; a flat scan has no use for it.
        parameters = {"metric_type": "IP", "params": {"ef": min(MOST, 2 * limit)} if field == DENSE else {}}
        with self._reached() as client:
            (hits,) = self._loaded(
                client,
                collection,
                lambda: client.search(
                    collection,
                    data=[query],
                    anns_field=field,
                    limit=limit,
                    filter=where,
                    output_fields=[KEY, *fields],
                    search_params=parameters,
                    consistency_level="Strong" if newest else "Bounded",
                    timeout=SEARCH_SECONDS,
                ),
            )
        return [(int(hit[KEY]), float(hit["distance"]), hit["entity"]) for hit in hits]

    def collections(self, name: str) -> list[str]:
        """Return the collections that belong to an alias, sorted."""
        with self._reached() as client:
            found = client.list_collections(timeout=SEARCH_SECONDS)
        return sorted(one for one in found if re.fullmatch(rf"{re.escape(name)}_\d+", one))

    def drop(self, collection: str) -> None:
        """Delete a collection; one that is not there is no error."""
        with self._reached() as client:
            _drop(client, collection)

    def point(self, name: str, collection: str) -> None:
        """Make the alias mean the collection, at once for all who use it."""
        with self._reached() as client:
            if self.pointed(name) is None:
                client.create_alias(collection, name, timeout=WRITE_SECONDS)
            else:
                client.alter_alias(collection, name, timeout=WRITE_SECONDS)

    def pointed(self, name: str) -> str | None:
        """Return the collection that the alias means, `None` where there is no such alias."""
        from pymilvus import MilvusException

        with self._reached() as client:
            try:
                return str(client.describe_alias(name, timeout=SEARCH_SECONDS)["collection_name"])
            except MilvusException as error:
                if _is_away(error):
                    raise
                return None

    def _query(self, collection: str, *, where: str, fields: list[str], limit: int | None) -> list[Row]:
        given = {} if limit is None else {"limit": limit}
        with self._reached() as client:
            return list(
                self._loaded(
                    client,
                    collection,
                    lambda: client.query(
                        collection,
                        filter=where,
                        output_fields=fields,
                        consistency_level="Strong",
                        timeout=WRITE_SECONDS,
                        **given,
                    ),
                )
            )

    def _loaded(self, client: Any, collection: str, call: Any) -> Any:  # noqa: ANN401 - pymilvus has no types
        """Return what the call returns; a collection that a restarted server has not opened is opened first."""
        from pymilvus import MilvusException

        try:
            return call()
        except MilvusException as error:
            if error.code not in _NOT_LOADED:
                raise
        client.load_collection(collection, timeout=WRITE_SECONDS)
        return call()

    @contextmanager
    def _reached(self) -> Iterator[Any]:
        """Lend the client; what pymilvus reports inside becomes `BackendError`, `MissingCollectionError` or `IndexBusyError`."""
        try:
            import grpc
            from pymilvus import MilvusException
        except ImportError as error:
            raise ConfigError(
                f"the index `milvus:{shown(self.uri)}` needs the package `{error.name}`; run pip install 'huwen[milvus]'"
            ) from error
        _quiet()
        try:
            yield self._connected()
        except MilvusException as error:
            if error.code in _MISSING:
                raise MissingCollectionError(error.message) from error
            raise self._away(error.message) if _is_away(error) else self._refused(error.message) from error
        except grpc.RpcError as error:
            raise self._away(str(error)) from error

    def _connected(self) -> Any:  # noqa: ANN401 - pymilvus has no types
        from pymilvus import MilvusClient
        from pymilvus.exceptions import ConnectionConfigException

        with self._lock:
            if self._client is None:
                try:
                    self._client = MilvusClient(self.uri, timeout=CONNECT_SECONDS, grpc_options=dict(CHANNEL))
                except ConnectionConfigException as error:
                    raise self._unopened(error.message) from error
            return self._client

    def _unopened(self, reason: str) -> IndexBusyError | ConfigError:
        if not self.uri.endswith(".db") or "not exists" in reason:
            return ConfigError(f"`milvus:{shown(self.uri)}` cannot be opened: {said(reason)}; correct `index`")
        return IndexBusyError(
            f"the Milvus file `{self.uri}` cannot be opened: another process has it, and milvus-lite serves one at a time; "
            f"end that process, or run `milvus-lite server --data-dir {self.uri} --port 19530` (or a Milvus server) and "
            f"sync with --index milvus:http://127.0.0.1:19530"
        )

    def _away(self, reason: str) -> BackendError:
        return BackendError(
            f"Milvus at `{shown(self.uri)}` does not answer ({said(reason)}); start it, or sync with --index milvus:URI "
            f"where it is now, and run this again"
        )

    def _refused(self, reason: str) -> BackendError:
        return BackendError(
            f"Milvus at `{shown(self.uri)}` refused a request ({said(reason)}); look into its log, or build the index "
            f"there anew with `huwen index repair`"
        )


def _quiet() -> None:
    """Keep pymilvus and milvus-lite from writing to stderr what arrives as an error anyway."""
    for name in ("pymilvus", "milvus_lite"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _drop(client: Any, collection: str) -> None:  # noqa: ANN401 - pymilvus has no types
    if client.has_collection(collection, timeout=SEARCH_SECONDS):
        # Milvus keeps what an alias means.
        for alias in client.list_aliases(collection, timeout=SEARCH_SECONDS)["aliases"]:
            client.drop_alias(alias, timeout=SEARCH_SECONDS)
        client.drop_collection(collection, timeout=WRITE_SECONDS)


def _is_away(error: Any) -> bool:  # noqa: ANN401 - pymilvus has no types
    import grpc
    from pymilvus.exceptions import MilvusUnavailableException

    reason = str(error.message).lower()
    return (
        isinstance(error, MilvusUnavailableException)
        or error.code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
        or any(word in reason for word in ("fail connecting", "unavailable", "deadline", "retry", "connection refused"))
    )
