"""Reports every digit of a folder of texts that no figure, date, code or list mark holds: `python bench/text_coverage.py [FOLDER]`.

Without a folder it reads the one that HUWEN_CORPUS names. Exit code 1 where a digit is left out or two marks overlap.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from rag.text.marks import read_marks

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIGIT = re.compile("[0-9０-９]")
CONTEXT = 18


def main() -> int:
    """Print what is left out and how many marks of each kind there are."""
    folder = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("HUWEN_CORPUS")
    if folder is None:
        print("skipped: name a folder of texts, or set HUWEN_CORPUS")
        return 0
    kinds: Counter[str] = Counter()
    digits = left = 0
    for text in texts(Path(folder)):
        marks = read_marks(text)
        kinds.update(type(mark).__name__ for mark in marks)
        digits += len(_DIGIT.findall(text))
        for at in outside(text):
            left += 1
            print("left out:", repr(text[max(0, at - CONTEXT) : at + CONTEXT]))
    print(f"{digits} digits, {left} outside every mark; marks: {dict(kinds.most_common())}")
    return 1 if left else 0


def outside(text: str) -> list[int]:
    """Return where a digit stands in no mark; raises where two marks overlap."""
    end, free = 0, []
    for mark in read_marks(text):
        assert mark.span.start >= end, f"marks overlap at {mark.span}"
        free += [at.start() + end for at in _DIGIT.finditer(text[end : mark.span.start])]
        end = mark.span.end
    return free + [at.start() + end for at in _DIGIT.finditer(text[end:])]


def texts(folder: Path) -> Iterator[str]:
    """Yield the text of each file, and of each record where a file is a JSON list."""
    for path in sorted(folder.rglob("*.txt")):
        content = path.read_text("utf-8-sig")
        if not content.lstrip().startswith("["):
            yield content
            continue
        for record in json.loads(content):
            yield from (value for value in record.values() if isinstance(value, str))


if __name__ == "__main__":
    sys.exit(main())
