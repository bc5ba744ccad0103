"""What the index tests share: pages made of lines, an embedder that hashes, and an index of them."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pytest

from rag.index.write import open_writer
from rag.types import Article, Chunk
from tests.postgres import running_postgres, schema_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from numpy.typing import NDArray

DIMENSION = 24
MODEL = "hashed/1"


class Embed(Protocol):
    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


class Put(Protocol):
    def __call__(
        self,
        index: Path,
        pages: Mapping[str, Sequence[str]],
        *,
        remove: Sequence[str] = (),
        source: str | None = None,
        published: date | None = None,
        lang: str = "zh",
    ) -> int: ...


def hashed(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return vectors that depend on the text alone; equal texts give equal rows."""
    raw = b"".join(hashlib.blake2b(text.encode(), digest_size=2 * DIMENSION).digest() for text in texts)
    rows = np.frombuffer(raw, "<u2").reshape(len(texts), DIMENSION).astype(np.float32) - 32768.0
    unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def put_pages(
    index: Path,
    pages: Mapping[str, Sequence[str]],
    *,
    remove: Sequence[str] = (),
    source: str | None = None,
    published: date | None = None,
    lang: str = "zh",
    milvus: str | None = None,
    store: str | None = None,
) -> int:
    """Put pages of one article, a chunk a line, and publish; return the revision."""
    with open_writer(index, embedder_identity=MODEL, dimension=DIMENSION, milvus=milvus, store=store) as writer:
        for page_id in remove:
            writer.remove_page(page_id)
        for page_id, lines in pages.items():
            article = Article(
                article_id=page_id,
                page_id=page_id,
                title=f"题 {page_id}",
                text="\n".join(lines),
                source_path=f"/docs/{page_id}.txt",
                lang="en" if lang == "en" else "zh",
                source=source,
                published=published,
            )
            writer.put_page(
                page_id,
                page_hash=hashlib.sha256(repr((lines, source, published)).encode()).hexdigest(),
                raw=json.dumps({"page_id": page_id, "lines": list(lines)}).encode(),
                articles=[article],
                chunks=_chunks(article, lines),
                numbers={},
            )
        while rows := writer.unembedded(100):
            writer.put_vectors([key for key, _ in rows], hashed([text for _, text in rows]))
        return writer.commit()


def _chunks(article: Article, lines: Sequence[str]) -> list[Chunk]:
    chunks, start = [], 0
    for number, line in enumerate(lines):
        chunks.append(
            Chunk(
                chunk_id=f"{article.article_id}@{number}",
                article_id=article.article_id,
                start=start,
                end=start + len(line),
                header="题",
                text=line,
            )
        )
        start += len(line) + 1
    return chunks


@pytest.fixture(scope="session")
def milvus_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A file of milvus-lite for all tests of a run: each index has collections of its own in it."""
    pytest.importorskip("milvus_lite", reason="needs huwen[milvus]")
    from milvus_lite.server_manager import server_manager_instance

    path = str(tmp_path_factory.mktemp("milvus") / "tests.db")
    yield path
    server_manager_instance.release_server(path)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL of this run; each index names a schema of its own behind `#`."""
    with running_postgres() as address:
        yield address


@pytest.fixture(scope="session", params=["folder", "milvus", "postgresql"])
def put(request: pytest.FixtureRequest) -> Put:
    """Put pages into an index and publish them; a test that takes this runs once for each engine and store."""
    if request.param == "folder":
        return put_pages
    if request.param == "milvus":
        return partial(put_pages, milvus=request.getfixturevalue("milvus_file"))
    address = request.getfixturevalue("postgres")

    def put_in_postgres(index: Path, pages: Mapping[str, Sequence[str]], **given: Any) -> int:  # noqa: ANN401 - what `put_pages` takes
        return put_pages(index, pages, store=f"{address}#{schema_for(index)}", **given)

    return put_in_postgres


@pytest.fixture(scope="session")
def embed() -> Embed:
    """Embed texts as the index's chunks are embedded: header, line break, text."""
    return hashed


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Where an index may be made."""
    return tmp_path / "index"
