"""What the tests of the sync share: articles, a seeded embedder, and one call that syncs real files into a real index."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rag.index.open import open_index
from rag.index.write import open_writer
from rag.ingest.read import read_pages
from rag.ingest.split import split_page
from rag.ingest.sync import sync_paths
from rag.types import Article, Chunk, SyncReport

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from rag.types import Kind

STEEL = "宝武钢铁推进绿色低碳转型，新建氢基竖炉项目投产。"
PORT = "洋山港自动化码头吞吐量再创新高，全年集装箱超过四千万标箱。"
CHIP = "集成电路产业规模突破四千亿元，张江新建三条生产线。"


class SeededEmbedder:
    """Vectors from a hash of the text: as good as random, and the same everywhere."""

    def __init__(self, identity: str = "seeded/1") -> None:
        self.identity = identity
        self.dimension = 16
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str], *, kind: Kind) -> NDArray[np.float32]:
        import hashlib

        import numpy as np

        self.texts += texts
        raw = [hashlib.blake2b(f"{self.identity}{text}".encode(), digest_size=32).digest() for text in texts]
        rows = np.frombuffer(b"".join(raw), "<u2").reshape(len(texts), 16).astype(np.float32) - 32768.0
        unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


def whole_chunk(article: Article) -> tuple[Chunk, ...]:
    return tuple(
        Chunk(
            chunk_id=f"{article.article_id}@{start}",
            article_id=article.article_id,
            start=start,
            end=start + len(line),
            header=article.title,
            text=line,
        )
        for start, line in _lines(article.text)
    )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def sync(index: Path, *roots: Path, embedder: SeededEmbedder | None = None, pipeline: str = "1") -> SyncReport:
    used = SeededEmbedder() if embedder is None else embedder
    with open_writer(index, embedder_identity=used.identity, dimension=used.dimension) as writer:
        return sync_paths(
            roots,
            index=writer,
            embedder=used,
            read=read_pages,
            split=split_page,
            chunk=whole_chunk,
            pipeline=pipeline,
            progress=lambda _: None,
        )


def record(aid: str, body: str, *, title: str = "标题", day: str = "2025-01-02 10:00:00") -> dict[str, str]:
    return {
        "文章标识符aid": aid,
        "标题title": title,
        "链接url": "https://example.com/1",
        "时间time": day,
        "公众号名称": "测试号",
        "finalContent": body,
    }


def export(path: Path, *records: dict[str, str]) -> Path:
    path.write_text(json.dumps(list(records), ensure_ascii=False), "utf-8")
    return path


def texts(index: Path) -> dict[str, str]:
    with open_index(index) as opened:
        return {article.article_id: article.text for article in opened.page_articles("")}


def counts(report: SyncReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.removed, report.unchanged


@contextmanager
def unreadable(path: Path) -> Iterator[None]:
    """Replace a file by bytes that no reader takes, then put it back."""
    good = path.read_bytes()
    path.write_bytes("中文".encode("gbk"))
    yield
    path.write_bytes(good)


class Dying(SeededEmbedder):
    """Embeds so many texts, then dies as a killed process would."""

    def __init__(self, identity: str, *, after: int) -> None:
        super().__init__(identity)
        self.after = after

    def embed(self, texts: Sequence[str], *, kind: Kind) -> NDArray[np.float32]:
        if len(self.texts) >= self.after:
            raise KeyboardInterrupt
        return super().embed(texts, kind=kind)


def many(folder: Path, count: int) -> None:
    (folder / "many.md").write_text("\n\n".join(f"第{number}段，{CHIP}" for number in range(count)), "utf-8")
