"""Syncs the 62,119 news items of the public data by the product's own pipeline: speed by stage, memory, bytes on disk.

usage: HUWEN_DATA=... index_news.py [--items 62119] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import sys
import tempfile
import time
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from embeddings import open_embedder
from rag.config import Settings
from rag.index.write import open_writer
from rag.index.writer import IndexWriter
from rag.ingest.chunk import chunk_article
from rag.ingest.read import read_pages
from rag.ingest.split import split_page
from rag.ingest.sync import sync_paths
from rag.text.budget import open_token_counter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rag.types import Page, SyncReport

PER_FILE = 8000
P = ParamSpec("P")
R = TypeVar("R")


class Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def timed(self, stage: str, work: Callable[P, R]) -> Callable[P, R]:
        """Return the same work, its time added to a stage."""

        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            started = time.perf_counter()
            try:
                return work(*args, **kwargs)
            finally:
                self.seconds[stage] += time.perf_counter() - started

        return run

    def timed_pages(self, path: Path) -> Iterator[Page]:
        """Yield a file's pages, the time between them added to reading."""
        pages = read_pages(path)
        while (page := self.timed("read", partial(next, pages, None))()) is not None:
            yield page


def write_exports(folder: Path, items: int) -> int:
    """Write the news as exports of an account, which is how such collections come; return the bytes of their texts."""
    source = Path(os.environ["HUWEN_DATA"]) / "news" / "crud_news.jsonl.gz"
    size, batch = 0, []
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number == items:
                break
            row = json.loads(line)
            size += len(row["text"].encode())
            batch.append(
                {
                    "文章标识符aid": f"crud_{row['id']}",
                    "标题title": row["text"][:30],
                    "链接url": "",
                    "时间time": row["date"],
                    "公众号名称": "新闻",
                    "finalContent": row["text"],
                }
            )
            if len(batch) == PER_FILE:
                (folder / f"news-{number}.json").write_text(json.dumps(batch, ensure_ascii=False), "utf-8")
                batch = []
    if batch:
        (folder / "news-last.json").write_text(json.dumps(batch, ensure_ascii=False), "utf-8")
    return size


def sync(index: Path, folder: Path, clock: Clock) -> SyncReport:
    """Sync with each stage timed; what is left of the whole is the store's and the sync's own work."""
    embedder = open_embedder("builtin")
    settings = Settings()
    count = open_token_counter().count
    embedder_embed = embedder.embed

    class Timed:
        identity, dimension = embedder.identity, embedder.dimension
        embed = staticmethod(clock.timed("embed", embedder_embed))

    with open_writer(index, embedder_identity=embedder.identity, dimension=embedder.dimension) as writer:
        writer.commit = clock.timed("publish", partial(IndexWriter.commit, writer))  # type: ignore[method-assign]
        return sync_paths(
            [folder],
            index=writer,
            embedder=Timed(),
            read=clock.timed_pages,
            split=clock.timed("split", split_page),
            chunk=clock.timed("chunk", partial(chunk_article, count=count, limit=settings.chunk_tokens)),
            pipeline="bench",
            progress=lambda _: None,
        )


def main() -> int:
    """Print what the sync took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=62_119)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder, index, clock = Path(place) / "exports", Path(place) / "index", Clock()
        folder.mkdir()
        text_bytes = write_exports(folder, options.items)
        started = time.perf_counter()
        report = sync(index, folder, clock)
        whole = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{report.added} items, {report.embedded} chunks in {whole:.0f} s, peak {peak:.0f} MB")
        clock.seconds["store"] = whole - sum(clock.seconds.values())
        for stage, seconds in clock.seconds.items():
            print(f"  {stage:8s} {seconds:6.1f} s  {report.embedded / seconds:9.0f} chunks/s")
        for name in ("store.sqlite", "vectors", "lexical"):
            parts = [index / name, *(index / name).rglob("*")]
            size = sum(path.stat().st_size for path in parts if path.is_file())
            print(f"  {name:13s} {size / 1e6:7.1f} MB  {size / text_bytes:.2f} of the text")
        started = time.perf_counter()
        again = sync(index, folder, Clock())
        print(f"  again: {again.unchanged} unchanged in {time.perf_counter() - started:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
