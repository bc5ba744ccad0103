"""Flips bits in every file of an index and cuts it short: counts what verify misses and what repair does not mend.

usage: index_flips.py [--flips 200] [--cuts 100] [--repair-every 10]
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from index_pages import put, vectors

from rag.errors import HuwenError, IndexStateError
from rag.index.open import open_index
from rag.index.repair import repair_index
from rag.index.verify import verify_index
from rag.types import Filters

if TYPE_CHECKING:
    from collections.abc import Callable


def results(index: Path) -> object:
    """Return what an index answers: both arms, the texts, the status."""
    with open_index(index) as opened:
        dense = opened.search_dense(vectors(["q"])[0], k=1000, filters=Filters())
        lexical = opened.search_lexical(["text", "one", "17"], k=1000, filters=Filters())
        chunks = opened.chunks([hit.chunk_id for hit in [*dense, *lexical]])
        status = opened.status()
        return dense, lexical, chunks, opened.page_articles(""), (status.pages, status.chunks, status.embedder)


def flip(path: Path, draw: random.Random) -> None:
    """Flip one bit."""
    data = bytearray(path.read_bytes())
    place = draw.randrange(8 * len(data))
    data[place // 8] ^= 1 << place % 8
    path.write_bytes(data)


def cut(path: Path, draw: random.Random) -> None:
    """Cut a file short."""
    os.truncate(path, draw.randrange(path.stat().st_size))


def trial(index: Path, expected: object, *, mend: bool) -> str:
    """Say what became of the damage."""
    try:
        problems = verify_index(index)
    except IndexStateError as error:
        problems = (str(error),)
    try:
        answer = "same" if results(index) == expected else "OTHER"
    except HuwenError:
        answer = "refused"
    if answer != "same" and not problems:
        return "MISSED"
    if mend and problems:
        repair = repair_index(index)
        if verify_index(index) or not (repair.raws or repair.lost or results(index) == expected):
            return "NOT MENDED"
    return f"{'found' if problems else 'harmless'}, search {answer}"


def main() -> int:
    """Print the outcomes by kind of file; return 1 for a change that was missed or not mended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=200)
    parser.add_argument("--cuts", type=int, default=100)
    parser.add_argument("--repair-every", type=int, default=10)
    options = parser.parse_args()
    draw, started = random.Random(11), time.monotonic()  # noqa: S311
    outcomes: Counter[str] = Counter()
    kinds: list[tuple[str, Callable[[Path, random.Random], None], int]] = [
        ("flip", flip, options.flips),
        ("cut", cut, options.cuts),
    ]
    with tempfile.TemporaryDirectory() as folder:
        base, copy = Path(folder) / "base", Path(folder) / "copy"
        put(base, {f"p{n}": f"text {n} one\ntext {n} two" for n in range(60)})
        put(base, {"p1": "changed text"}, remove=["p2"])
        expected = results(base)
        files = [path.relative_to(base) for path in sorted(base.rglob("*")) if path.is_file() and path.stat().st_size]
        for name in files:
            for kind, damage, times in kinds:
                for number in range(times):
                    shutil.copytree(base, copy)
                    damage(copy / name, draw)
                    outcome = trial(copy, expected, mend=number % options.repair_every == 0)
                    outcomes[f"{kind:4s} {name.suffix or name.name:12s} {outcome}"] += 1
                    shutil.rmtree(copy)
    for outcome, count in sorted(outcomes.items()):
        print(f"{count:6d}  {outcome}")
    bad = sum(count for outcome, count in outcomes.items() if "MISSED" in outcome or "NOT MENDED" in outcome)
    print(
        f"{outcomes.total()} damages to {len(files)} files, {bad} missed or not mended, {time.monotonic() - started:.0f} s"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
