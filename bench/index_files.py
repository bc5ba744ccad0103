"""Syncs very many tiny files by the product's own pipeline, then syncs again without changes and with one.

usage: index_files.py [--files 10000]
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from rag.assembly import sync_index
from rag.config import Settings

PER_FOLDER = 1000


def main() -> int:
    """Print a line for each sync."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "files"
        for number in range(options.files):
            path = root / str(number // PER_FOLDER) / f"note-{number}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"第{number}号通知：项目申报截止到{1 + number % 28}日，资助{number % 97}万元。", "utf-8")
            # Older than the clock's doubt about files that were just written.
            os.utime(path, (1_700_000_000, 1_700_000_000))
        time.sleep(2.1)
        settings = Settings(index=Path(place) / "index")
        for what in ("first sync", "second sync", "one file changed"):
            started = time.perf_counter()
            report = sync_index(settings, [root], progress=lambda _: None)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{what}: {report.added} added, {report.updated} updated, {report.unchanged} unchanged, "
                f"revision {report.revision}, {time.perf_counter() - started:.1f} s, peak {peak:.0f} MB"
            )
            if what == "second sync":
                (root / "0" / "note-0.txt").write_text("更正：第0号通知作废。", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
