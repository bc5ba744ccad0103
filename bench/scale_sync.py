"""Where the time of a sync goes, beside the tokenizer alone and the disk in the same run; memory, and bytes on disk against the text.

usage: HUWEN_DATA=... python bench/scale_sync.py [--items 2000] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from index_news import Clock, sync, write_exports

from rag.text.tokens import index_tokens

WRITTEN = 1 << 26


def tokenizer_rate(folder: Path) -> float:
    """Return the UTF-8 megabytes a second of processor time that the tokenizer of the lexical index cuts, by itself."""
    texts = [row["finalContent"] for path in sorted(folder.iterdir()) for row in json.loads(path.read_text("utf-8"))]
    started = time.process_time()
    for text in texts:
        index_tokens(text)
    return sum(len(text.encode()) for text in texts) / 1e6 / (time.process_time() - started)


def disk_rate(folder: Path) -> float:
    """Return the megabytes a second that reach the disk, flushed."""
    block, path = os.urandom(1 << 20), folder / "disk"
    started = time.perf_counter()
    with path.open("wb") as file:
        for _ in range(WRITTEN // len(block)):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return WRITTEN / 1e6 / (time.perf_counter() - started)


def measure(items: int) -> dict[str, object]:
    """Return what a first sync of so many news items takes."""
    with tempfile.TemporaryDirectory() as name:
        place, clock = Path(name), Clock()
        folder, index = place / "exports", place / "index"
        folder.mkdir()
        text = write_exports(folder, items) / 1e6
        before, worked = time.perf_counter(), time.process_time()
        report = sync(index, folder, clock)
        whole, worked = time.perf_counter() - before, time.process_time() - worked
        clock.seconds["store"] = whole - sum(clock.seconds.values())
        size = sum(path.stat().st_size for path in index.rglob("*") if path.is_file()) / 1e6
        started = time.perf_counter()
        sync(index, folder, Clock())
        return {
            "items": items,
            "chunks": report.embedded,
            "text_mb": text,
            "sync_s": whole,
            "processor_s": worked,
            "chunks_s": report.embedded / worked,
            "stages_s": dict(clock.seconds),
            "again_s": time.perf_counter() - started,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "index_mb": size,
            "index_per_text": size / text,
            "tokenizer_mb_s": tokenizer_rate(folder),
            "disk_mb_s": disk_rate(place),
        }


def main() -> int:
    """Print a row of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=2_000)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    if "HUWEN_DATA" not in os.environ:
        print("HUWEN_DATA is not set: no news to sync", file=sys.stderr)
        return 0
    row = measure(given.items)
    print(json.dumps(row))
    if given.json is not None:
        given.json.write_text(json.dumps([row], indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
