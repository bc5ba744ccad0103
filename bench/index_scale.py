"""What one more article costs at several sizes of an index: seconds until it is found, and bytes written.

usage: index_scale.py [--chunks 10000 100000]
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from index_pages import put

from rag.index.open import open_index
from rag.types import Filters

CHUNKS_PER_PAGE = 10
ROUNDS = 12
LETTERS = "上海工业增加值同比增长集成电路生物医药人工智能产业政策申报补贴港口钢铁绿色转型浦东张江临港"


def pages(count: int) -> dict[str, str]:
    """Return pages of ten chunks of about 150 random characters."""
    draw = random.Random(7)  # noqa: S311
    return {
        f"p{page}": "\n".join("".join(draw.choices(LETTERS, k=150)) for _ in range(CHUNKS_PER_PAGE))
        for page in range(count)
    }


def written() -> int:
    """Return the bytes that this process has sent to the disk or its cache."""
    lines = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(lines["wchar"])


def add_one(index: Path, number: int) -> tuple[float, int]:
    """Add an article and search for it; return seconds and bytes."""
    started, before = time.perf_counter(), written()
    put(index, {f"new{number}": f"独一无二{number} 新到的文章\n" + "上海工业增加值同比增长。" * 20})
    with open_index(index) as opened:
        hits = opened.search_lexical([f"{number}"], k=1, filters=Filters())
    assert hits
    assert hits[0].chunk_id.startswith(f"new{number}@")
    return time.perf_counter() - started, written() - before


def main() -> int:
    """Print a row for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, nargs="+", default=[10_000, 100_000])
    options = parser.parse_args()
    for chunks in options.chunks:
        with tempfile.TemporaryDirectory() as folder:
            index = Path(folder) / "index"
            started = time.perf_counter()
            put(index, pages(chunks // CHUNKS_PER_PAGE))
            build = time.perf_counter() - started
            rows = [add_one(index, number) for number in range(ROUNDS)]
            seconds, sizes = [row[0] for row in rows], [row[1] for row in rows]
            total = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
        print(
            f"{chunks} chunks (built in {build:.1f} s, {total / 1e6:.0f} MB): one article more is found after "
            f"median {statistics.median(seconds):.2f} s, worst of {ROUNDS} {max(seconds):.2f} s; "
            f"written: median {statistics.median(sizes) / 1e3:.0f} kB, most {max(sizes) / 1e3:.0f} kB"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
