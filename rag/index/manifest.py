"""The manifest: which immutable parts make up a revision, with their sizes and checksums, sealed as a whole."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from rag.errors import IndexMismatchError
from rag.index.disk import damaged, reading
from rag.index.layout import ENGINE_FORMAT, FORMAT, OLDEST_FORMAT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """A file of the index: its name inside its folder, its size and its CRC-32."""

    name: str
    bytes: int
    crc: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRecord:
    """A vector segment: how many rows, between which keys, and the revision whose dead rows it left out."""

    file: FileRecord
    rows: int
    first: int
    last: int
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationRecord:
    """A lexical generation. `documents` counts dead ones too; `tokens` tells which tokenizer made its words."""

    name: str
    documents: int
    tokens: str
    files: tuple[FileRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineRecord:
    """A generation in Milvus: the collection at `uri` that is searched in place of segments and lexical generations.

    `name` is the alias that always means the current generation. `average` is the mean length in tokens that the
    documents' weights were made with, `length` the present sum of lengths. `terms` are the files of term statistics.
    """

    uri: str
    name: str
    collection: str
    documents: int
    length: int
    average: float
    tokens: str
    flat: bool
    terms: tuple[SegmentRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """How many rows a revision shows, and the XOR of their seals: a lost or foreign row changes it."""

    pages: int = 0
    articles: int = 0
    chunks: int = 0
    digest: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One revision. `roots` are those known when it was published, for a repair of a store that lost them."""

    revision: int
    embedder: str
    dimension: int
    roots: tuple[str, ...]
    census: Census
    segments: tuple[SegmentRecord, ...]
    generation: GenerationRecord | None
    engine: EngineRecord | None = None


def has_size(path: Path, record: FileRecord) -> bool:
    """Tell whether a file is there and as long as it was: the check that costs nothing."""
    return path.is_file() and path.stat().st_size == record.bytes


def dump_manifest(manifest: Manifest) -> bytes:
    """Return the manifest's file, with the seal that `load_manifest` checks."""
    body = {"format": FORMAT if manifest.engine is None else ENGINE_FORMAT} | asdict(manifest)
    if manifest.engine is None:
        del body["engine"]
    return json.dumps(body | {"seal": _seal(body)}, indent=1, ensure_ascii=False).encode()


def load_manifest(path: Path, *, folder: Path) -> Manifest:
    """Read a manifest. Raises `IndexDamagedError`, or `IndexMismatchError` for a format that is not known."""
    with reading(folder):
        raw = path.read_bytes()
    return read_manifest(raw, name=path.name, folder=folder)


def read_manifest(raw: bytes, *, name: str, folder: Path) -> Manifest:
    """Return the manifest of a file's bytes, and raise as `load_manifest` does."""
    try:
        body = json.loads(raw)
        _check_format(body["format"], folder)
        seal = body.pop("seal")
        if seal != _seal(body):
            raise damaged(folder, f"`{name}` does not match its seal")
        return _manifest(body)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(folder, f"`{name}` cannot be read ({error})") from error


def _seal(body: dict[str, object]) -> str:
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return blake2b(canonical.encode(), digest_size=16).hexdigest()


def _check_format(found: int, folder: Path) -> None:
    if not isinstance(found, int) or not OLDEST_FORMAT <= found <= ENGINE_FORMAT:
        raise IndexMismatchError(
            f"the index `{folder}` has format `{found}`, this program reads {OLDEST_FORMAT} to {ENGINE_FORMAT}; "
            f"install the version that wrote it, or delete the folder and run `huwen index sync PATH --index {folder}`"
        )


def _manifest(body: dict[str, object]) -> Manifest:
    loaded = json.loads(json.dumps(body))
    generation, engine = loaded["generation"], loaded.get("engine")
    return Manifest(
        revision=loaded["revision"],
        embedder=loaded["embedder"],
        dimension=loaded["dimension"],
        roots=tuple(loaded["roots"]),
        census=Census(**loaded["census"]),
        segments=_segments(loaded["segments"]),
        generation=None
        if generation is None
        else GenerationRecord(**generation | {"files": tuple(FileRecord(**row) for row in generation["files"])}),
        engine=None if engine is None else EngineRecord(**engine | {"terms": _segments(engine["terms"])}),
    )


def _segments(rows: Sequence[dict[str, Any]]) -> tuple[SegmentRecord, ...]:
    return tuple(SegmentRecord(**row | {"file": FileRecord(**row["file"])}) for row in rows)
