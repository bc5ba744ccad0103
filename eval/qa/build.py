"""Assembles the question sets beside it: `python -m eval.qa.build FILE...` writes `corpus.jsonl` and `starter.jsonl`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from eval.questions import Question, load_questions
from eval.split import assign_splits

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).resolve().parent
STARTER = "starter"


def build(files: Sequence[Path], *, folder: Path) -> int:
    """Merge the files by id, assign the splits, write both sets, and return how many questions there are."""
    questions = load_questions(files)
    for bad in questions.bad:
        sys.stderr.write(f"{bad.path} line {bad.line}: {bad.reason}\n")
    splits = assign_splits(questions.questions)
    rows = [row.model_copy(update={"split": splits[row.id]}) for row in questions.questions]
    _write(folder / "corpus.jsonl", rows)
    _write(folder / "starter.jsonl", [row for row in rows if (row.model_extra or {}).get(STARTER)])
    return len(rows)


def _write(path: Path, rows: Sequence[Question]) -> None:
    lines = (json.dumps(row.model_dump(mode="json", exclude_unset=True), ensure_ascii=False) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")


if __name__ == "__main__":
    sys.stdout.write(f"{build([Path(name) for name in sys.argv[1:]], folder=HERE)} questions\n")
