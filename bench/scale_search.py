"""What an index costs by size, beside the limits of the machine in the same run: searching, opening, adding one article, memory, disk.

usage: python bench/scale_search.py [--chunks 10000 100000] [--json FILE]

The chunks are news items of HUWEN_DATA, repeated with a number where more are needed, else random characters; vectors are random,
as long as the built-in model's. Each arm brings 100 hits, as in a search. One thread, whose processor time is counted, so that a busy
machine does not count; an article more, which waits for the disk, is the fastest of five. The limits: FAISS's own flat scan of the same
half-precision vectors, Tantivy's own search for the same words, the memory bandwidth measured on the spot.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import statistics
import sys
import tempfile
import time
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.index.open import open_index
from rag.index.write import open_writer
from rag.text.tokens import index_tokens
from rag.types import Article, Chunk, Filters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

DIMENSION, K, ASKED = 512, 100, 60
PER_PAGE, LENGTH = 10, 220
LETTERS = "上海工业增加值同比增长集成电路生物医药人工智能产业政策申报补贴港口钢铁绿色转型浦东张江临港"
MODEL = "random/1"
BATCH = 1_000


def passages() -> Iterator[str]:
    """Yield passages of some 220 characters without end."""
    data = os.environ.get("HUWEN_DATA")
    draw = random.Random(7)  # noqa: S311
    for turn in count():
        if data is None:
            yield "".join(draw.choices(LETTERS, k=LENGTH))
            continue
        with gzip.open(Path(data) / "news" / "crud_news.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                text = "".join(json.loads(line)["text"].split())
                for start in range(0, max(1, len(text) - LENGTH // 2), LENGTH):
                    yield text[start : start + LENGTH] + (f"（{turn}）" if turn else "")


def build(index: Path, chunks: int) -> tuple[list[str], int]:
    """Make an index of so many chunks; return questions and the bytes of the texts."""
    draw = np.random.default_rng(7)
    source = islice(passages(), chunks)
    questions, size = [], 0
    with open_writer(index, embedder_identity=MODEL, dimension=DIMENSION) as writer:
        for page in count():
            lines = list(islice(source, PER_PAGE))
            if not lines:
                break
            size += sum(len(line.encode()) for line in lines)
            if page % max(1, chunks // PER_PAGE // ASKED) == 0:
                questions.append(lines[0][20:36])
            put(writer, f"p{page}", lines)
            if writer.waiting >= BATCH:
                embed(writer, draw)
                writer.flush()
        embed(writer, draw)
        writer.commit()
    return questions[:ASKED], size


def put(writer: object, page_id: str, lines: Sequence[str]) -> None:
    """Put a page, a chunk for each line."""
    text = "\n".join(lines)
    article = Article(article_id=page_id, page_id=page_id, title="题", text=text, source_path=page_id, lang="zh")
    chunks, start = [], 0
    for number, line in enumerate(lines):
        chunks.append(
            Chunk(
                chunk_id=f"{page_id}@{number}",
                article_id=page_id,
                start=start,
                end=start + len(line),
                header="题",
                text=line,
            )
        )
        start += len(line) + 1
    raw = json.dumps({"page_id": page_id, "text": text}).encode()
    writer.put_page(page_id, page_hash=page_id, raw=raw, articles=[article], chunks=chunks, numbers={})  # type: ignore[attr-defined]


def embed(writer: object, draw: np.random.Generator) -> None:
    """Give every chunk that waits a random vector."""
    while rows := writer.unembedded(512):  # type: ignore[attr-defined]
        writer.put_vectors([key for key, _ in rows], unit(draw, len(rows)))  # type: ignore[attr-defined]


def unit(draw: np.random.Generator, rows: int) -> NDArray[np.float32]:
    """Return random rows of unit norm."""
    found = draw.standard_normal((rows, DIMENSION)).astype(np.float32)
    scaled: NDArray[np.float32] = found / np.linalg.norm(found, axis=1, keepdims=True)
    return scaled


def bandwidth() -> float:
    """Return the bytes a second that one thread reads from memory, the best of ten passes over 256 MB."""
    block = np.ones(1 << 25, np.int64)
    return max(block.nbytes / timed(lambda: int(block.max())) for _ in range(10))


def timed(work: Callable[[], object]) -> float:
    """Return the seconds of processor time that the work takes in this thread: others on the machine do not count."""
    started = time.thread_time()
    work()
    return time.thread_time() - started


def spread(works: Sequence[Callable[[], object]]) -> dict[str, float]:
    """Return the median and the 10th and 90th percentile of the works' milliseconds, the first few not counted."""
    for work in works[:3]:
        work()
    found = sorted(1000 * timed(work) for work in works)
    return {
        "p10": found[len(found) // 10],
        "p50": statistics.median(found),
        "p90": found[9 * len(found) // 10],
    }


def resident() -> float:
    """Return this process's resident memory in MB."""
    return next(
        int(line.split()[1]) / 1024
        for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith("VmRSS")
    )


def searches(index: Path, questions: Sequence[str], row: dict[str, object]) -> None:
    """Measure our arms and the libraries' own searches over the same parts."""
    none = Filters()
    vectors = unit(np.random.default_rng(11), len(questions))
    asked = [index_tokens(question) for question in questions]
    before = resident()
    started = time.thread_time()
    opened = open_index(index)
    opened.search_lexical(asked[0], k=K, filters=none)
    opened.search_dense(vectors[0], k=K, filters=none)
    row["open_and_first_ms"] = 1000 * (time.thread_time() - started)
    row["lexical_ms"] = spread(
        [lambda tokens=tokens: opened.search_lexical(tokens, k=K, filters=none) for tokens in asked]
    )
    row["dense_ms"] = spread(
        [lambda vector=vector: opened.search_dense(vector, k=K, filters=none) for vector in vectors]
    )
    row["resident_mb"] = resident() - before
    opened.close()
    # Opened anew: what the searches above have fetched of these questions would make them look faster than they are.
    opened = open_index(index)
    opened.search_dense(vectors[0], k=K, filters=none)
    row["both_ms"] = spread(
        [
            lambda tokens=tokens, vector=vector: (
                opened.search_lexical(tokens, k=K, filters=none),
                opened.search_dense(vector, k=K, filters=none),
            )
            for tokens, vector in zip(asked, vectors, strict=True)
        ]
    )
    opened.close()
    row["faiss_ms"] = spread(faiss_scans(index, vectors))
    row["tantivy_ms"] = spread(tantivy_searches(index, asked))


def faiss_scans(index: Path, vectors: NDArray[np.float32]) -> list[Callable[[], object]]:
    """Return searches of one flat FAISS index over the same half-precision vectors."""
    import faiss

    from rag.index.layout import Layout
    from rag.index.lease import current_manifest
    from rag.index.segments import merge_segments, open_segment

    faiss.omp_set_num_threads(1)
    layout = Layout(index)
    parts = [open_segment(layout, record, dimension=DIMENSION) for record in current_manifest(layout).segments]
    flat = merge_segments(parts, dead=np.empty(0, np.int64)).flat
    return [lambda vector=vector: flat.search(vector[np.newaxis], K) for vector in vectors]


def tantivy_searches(index: Path, asked: Sequence[Sequence[str]]) -> list[Callable[[], object]]:
    """Return searches of the same generation for the same words, without filters, ties and shares."""
    import tantivy

    from rag.index.lexical import BODY, open_tantivy

    generation = open_tantivy(next((index / "lexical").iterdir()))
    searcher, schema = generation.searcher(), generation.schema

    def query(tokens: Sequence[str]) -> object:
        words = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, BODY, token)) for token in dict.fromkeys(tokens)
        ]
        return searcher.search(tantivy.Query.boolean_query(words), limit=K, count=False)

    return [lambda tokens=tokens: query(tokens) for tokens in asked]


def adding(index: Path, row: dict[str, object]) -> None:
    """Measure how long one article more takes until it is found."""
    draw, found = np.random.default_rng(13), []
    for number in range(5):
        started = time.perf_counter()
        with open_writer(index, embedder_identity=MODEL, dimension=DIMENSION) as writer:
            put(writer, f"new{number}", [f"独一无二{number}的新文章"])
            embed(writer, draw)
            writer.commit()
        with open_index(index) as opened:
            assert opened.search_lexical([str(number)], k=1, filters=Filters())
        found.append(1000 * (time.perf_counter() - started))
    row["add_one_ms"] = min(found)


def measure(chunks: int) -> dict[str, object]:
    """Return the costs of an index of so many chunks."""
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        started = time.process_time()
        questions, size = build(index, chunks)
        row: dict[str, object] = {"chunks": chunks, "text_mb": size / 1e6, "build_s": time.process_time() - started}
        for name in ("store.sqlite", "vectors", "lexical"):
            parts = [index / name, *(index / name).rglob("*")]
            row[f"{name.partition('.')[0]}_mb"] = sum(path.stat().st_size for path in parts if path.is_file()) / 1e6
        searches(index, questions, row)
        row["bandwidth_gb_s"] = bandwidth() / 1e9
        row["scan_limit_ms"] = 1000 * chunks * DIMENSION * 2 / (float(str(row["bandwidth_gb_s"])) * 1e9)
        adding(index, row)
    return row


def main() -> int:
    """Print a row of JSON for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    rows = []
    for chunks in given.chunks:
        rows.append(measure(chunks))
        print(json.dumps(rows[-1]), flush=True)
    if given.json is not None:
        given.json.write_text(json.dumps(rows, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
