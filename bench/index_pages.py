"""Small pages with vectors, and an index of them: what the durability benches write and check."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np

from rag.index.open import open_index
from rag.index.write import open_writer
from rag.types import Article, Chunk, Filters

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

DIMENSION = 32
MODEL = "bench/1"


def vectors(texts: list[str]) -> NDArray[np.float32]:
    """Return rows that depend on the texts alone."""
    raw = b"".join(hashlib.blake2b(text.encode(), digest_size=2 * DIMENSION).digest() for text in texts)
    rows = np.frombuffer(raw, "<u2").reshape(len(texts), DIMENSION).astype(np.float32) - 32768.0
    unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def put(index: Path, pages: Mapping[str, str], *, remove: list[str] | None = None, batch: int = 2000) -> int:
    """Put pages of one article, a chunk for each line, and publish; return the revision."""
    with open_writer(index, embedder_identity=MODEL, dimension=DIMENSION) as writer:
        for page_id in remove or []:
            writer.remove_page(page_id)
        for number, (page_id, text) in enumerate(pages.items(), 1):
            article = Article(
                article_id=page_id, page_id=page_id, title=f"T {page_id}", text=text, source_path=page_id, lang="zh"
            )
            writer.put_page(
                page_id,
                page_hash=hashlib.sha256(text.encode()).hexdigest(),
                raw=json.dumps({"page_id": page_id}).encode(),
                articles=[article],
                chunks=chunks_of(article),
                numbers={},
            )
            if number % batch == 0:
                embed(writer)
                writer.flush()
        embed(writer)
        return writer.commit()


def embed(writer: object) -> None:
    """Give every chunk that waits its vector."""
    while rows := writer.unembedded(512):  # type: ignore[attr-defined]
        writer.put_vectors([key for key, _ in rows], vectors([text for _, text in rows]))  # type: ignore[attr-defined]


def chunks_of(article: Article) -> list[Chunk]:
    """Return a chunk for each line."""
    found, start = [], 0
    for line in article.text.split("\n"):
        end = start + len(line)
        found.append(
            Chunk(
                chunk_id=f"{article.article_id}@{start}",
                article_id=article.article_id,
                start=start,
                end=end,
                header=article.title,
                text=line,
            )
        )
        start = end + 1
    return found


def contents(index: Path) -> dict[str, str]:
    """Return every page's text, once both arms of the search agree with the store on what there is."""
    with open_index(index) as opened:
        texts = {article.article_id: article.text for article in opened.page_articles("")}
        everything = sum(text.count("\n") + 1 for text in texts.values())
        dense = opened.search_dense(vectors(["q"])[0], k=10_000, filters=Filters())
        lexical = opened.search_lexical(["t"], k=10_000, filters=Filters())
        for hits in (dense, lexical):
            assert len(hits) == everything, (len(hits), everything)
        opened.chunks([hit.chunk_id for hit in dense])
        return texts
