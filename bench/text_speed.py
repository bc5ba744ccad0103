"""Measures the text layer in characters a second of processor time on one core: `python bench/text_speed.py [FOLDER]`.

Without a folder it reads the one that HUWEN_CORPUS names, else the bundled samples. Exit code 1 below the budgets.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from text_coverage import texts  # type: ignore[import-not-found]

from rag.text.budget import open_token_counter
from rag.text.direction import stances
from rag.text.language import detect_lang
from rag.text.marks import read_marks
from rag.text.names import names_in
from rag.text.normalise import fold, fold_with_offsets
from rag.text.sentences import clause_spans, sentence_spans
from rag.text.tokens import index_tokens

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
ROUNDS = 5
# Characters a second that the function must reach; the others are measured only.
BUDGETS = {"index_tokens": 3e6, "read_marks": 5e5}


def main() -> int:
    """Print millions of characters a second, the best of several rounds."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("HUWEN_CORPUS", SAMPLES))
    documents = [text for text in texts(folder) if len(text) > 200]
    measured: tuple[tuple[str, Callable[[str], object]], ...] = (
        ("fold", fold),
        ("fold_with_offsets", fold_with_offsets),
        ("index_tokens", index_tokens),
        ("sentence_spans", sentence_spans),
        ("clause_spans", clause_spans),
        ("detect_lang", detect_lang),
        ("read_marks", read_marks),
        ("stances", stances),
        ("names_in", names_in),
        ("token counter", open_token_counter().count),
    )
    slow = 0
    for name, function in measured:
        speed = _speed(function, documents)
        slow += speed < BUDGETS.get(name, 0)
        print(f"{name:<18} {speed / 1e6:6.2f} M characters a second")
    return 1 if slow else 0


def _speed(function: Callable[[str], object], documents: list[str]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for document in documents:
            function(document)
        best = min(best, time.process_time() - start)
    return sum(map(len, documents)) / best


if __name__ == "__main__":
    sys.exit(main())
