"""Lexical generations: folders that are built once, from nothing or from hard links to the one before."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import tantivy

from rag.index.disk import file_checksum, sync_path
from rag.index.lexical import BODY, DAY, KEY, LANG, PAGE, SOURCE, new_schema, open_tantivy, register_analyser
from rag.index.manifest import FileRecord, GenerationRecord
from rag.text.tokens import index_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

META, MANAGED = "meta.json", ".managed.json"
SMALL_HEAP, LARGE_HEAP = 15_000_000, 128_000_000
# Above this many documents a larger heap saves merges.
LARGE = 5_000
# Holds what tokenizers differ in, so that its words tell one tokenizer from another.
PROBE = "去年春季江湾GDP增长5.5%，江经技〔2025〕270号；VE25-100、1,234.5万元，①臺灣ＡＢＣ the Running cities’ 3.2 km² C++ é ２０２５年"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A chunk as the lexical index takes it. `text` holds header and body."""

    key: int
    page: int
    text: str
    lang: str
    source: str | None
    published: date | None


def tokens_identity() -> str:
    """Return a name for the tokenizer in use; a generation made by another one is built anew."""
    return blake2b("\n".join(index_tokens(PROBE)).encode(), digest_size=8).hexdigest()


def build_generation(
    folder: Path,
    *,
    documents: Iterable[Document],
    expected: int,
    previous: GenerationRecord | None = None,
    removed_pages: Iterable[int] = (),
) -> GenerationRecord:
    """Write the generation `folder`: the previous one less the pages plus the documents, durable but for its name."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    try:
        _write(
            _started(folder, previous), documents, removed_pages, heap=LARGE_HEAP if expected > LARGE else SMALL_HEAP
        )
    except ValueError as error:
        # All that Tantivy reports, a full disk too, arrives as this.
        raise OSError(0, str(error), str(folder)) from error
    return _finished(folder, previous)


def _write(index: tantivy.Index, documents: Iterable[Document], removed_pages: Iterable[int], *, heap: int) -> None:
    writer = index.writer(heap_size=heap, num_threads=1)
    schema = index.schema
    for page in removed_pages:
        writer.delete_documents_by_term(PAGE, page)
    for document in documents:
        writer.add_document(_tantivy_document(document, schema))
    writer.commit()
    writer.wait_merging_threads()


def _started(folder: Path, previous: GenerationRecord | None) -> tantivy.Index:
    if previous is not None:
        for file in previous.files:
            _link(folder.parent / previous.name / file.name, folder / file.name)
        return open_tantivy(folder)
    index = tantivy.Index(new_schema(), path=str(folder))
    register_analyser(index)
    return index


def _link(source: Path, target: Path) -> None:
    # Tantivy replaces these two by renames, but nothing promises that.
    if source.name not in (META, MANAGED):
        with suppress(OSError):
            os.link(source, target)
            return
    shutil.copyfile(source, target)


def _tantivy_document(document: Document, schema: tantivy.Schema) -> tantivy.Document:
    fields: dict[str, object] = {
        KEY: document.key,
        PAGE: document.page,
        BODY: " ".join(index_tokens(document.text)),
        LANG: document.lang,
    }
    if document.source is not None:
        fields[SOURCE] = document.source
    if document.published is not None:
        fields[DAY] = document.published.toordinal()
    return tantivy.Document.from_dict(fields, schema)


def _finished(folder: Path, previous: GenerationRecord | None) -> GenerationRecord:
    """Drop the files that the last commit does not use, make the others durable, and describe them."""
    segments = json.loads((folder / META).read_text("utf-8"))["segments"]
    known = {} if previous is None else {file.name: file for file in previous.files if _is_immutable(file.name)}
    files = []
    for path in sorted(folder.iterdir()):
        if not _is_live(path.name, segments):
            path.unlink()
        elif path.name in known:
            files.append(known[path.name])
        else:
            # Tantivy keeps two of its files to their owner; whoever may read the index may read these.
            path.chmod(folder.stat().st_mode & 0o666)
            sync_path(path)
            files.append(FileRecord(name=path.name, bytes=path.stat().st_size, crc=file_checksum(path)))
    sync_path(folder)
    return GenerationRecord(
        name=folder.name,
        documents=sum(segment["max_doc"] for segment in segments),
        tokens=tokens_identity(),
        files=tuple(files),
    )


def _is_immutable(name: str) -> bool:
    return name not in (META, MANAGED)


def _is_live(name: str, segments: Sequence[Mapping[str, Any]]) -> bool:
    if not _is_immutable(name):
        return True
    stem, _, suffix = name.partition(".")
    for segment in segments:
        if segment["segment_id"].replace("-", "") == stem:
            deletes = segment["deletes"]
            return not suffix.endswith("del") or (deletes is not None and suffix == f"{deletes['opstamp']}.del")
    return False
