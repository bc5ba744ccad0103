"""Whether Milvus ranks like the folder: the first ten passages of development questions on both engines, and what each costs."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rag.assembly import open_assistant, sync_index
from rag.config import Settings, with_changes
from rag.types import Filters

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
K = 10


def questions(zh: int, en: int) -> list[str]:
    """Return development questions that stand alone, so many of each language."""
    rows = [json.loads(line) for line in (ROOT / "eval" / "qa" / "corpus.jsonl").read_text("utf-8").splitlines()]
    alone = [row for row in rows if row["split"] == "dev" and not row.get("history")]
    return [
        row["question"]
        for lang, count in (("zh", zh), ("en", en))
        for row in [r for r in alone if r["lang"] == lang][:count]
    ]


def passages(settings: Settings, asked: Sequence[str]) -> tuple[list[list[str]], float]:
    """Return the chunk ids of each question's first passages, and the median milliseconds of a search."""
    found, times = [], []
    with open_assistant(settings) as assistant:
        for text in asked:
            question = assistant.asked(text, filters=Filters())
            started = time.perf_counter()
            rows = assistant.retriever.retrieve(question, k=K)
            times.append(1000 * (time.perf_counter() - started))
            found.append([row.chunk_id for row in rows])
    return found, statistics.median(times)


def main() -> None:
    """Index the corpus in a folder, move a copy to Milvus, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--zh", type=int, default=70)
    parser.add_argument("--en", type=int, default=30)
    parser.add_argument("--milvus", help="address of a server; a file of milvus-lite where it is not given")
    given = parser.parse_args()
    corpus = os.environ.get("HUWEN_CORPUS")
    if corpus is None:
        print("HUWEN_CORPUS is not set: nothing to compare")
        return
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        folder = Settings(index=work / "folder")
        sync_index(folder, [Path(corpus)], progress=lambda _: None)
        shutil.copytree(work / "folder", work / "moved")
        moved = with_changes(folder, {"index": f"milvus:{given.milvus or work / 'parity.db'}#{work / 'moved'}"})
        started = time.perf_counter()
        sync_index(moved, [], progress=lambda _: None)
        print(f"moved to Milvus in {time.perf_counter() - started:.1f} s")
        asked = questions(given.zh, given.en)
        (here, fast), (there, slow) = passages(folder, asked), passages(moved, asked)
    pairs = list(zip(here, there, strict=True))
    print(
        f"{len(asked)} questions: the same {K} passages for {sum(set(a) == set(b) for a, b in pairs)}, in the same order for "
        f"{sum(a == b for a, b in pairs)}; median search {fast:.1f} ms in the folder, {slow:.1f} ms in Milvus"
    )


if __name__ == "__main__":
    main()
