"""How answers hold up among distracting articles: `python bench/eval_noise.py CORPUS NEWS.jsonl.gz QUESTIONS...`.

Indexes CORPUS alone, then with four times as many pages of other news, asks the same questions of both, and prints the
noise slope: accuracy among 80 % distractors / accuracy without.
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from eval.metrics.spread import ratio
from eval.questions import load_questions
from eval.run import run_questions
from rag.assembly import open_assistant, sync_index
from rag.config import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.questions import QuestionSet

SHARE = 0.8
METRICS = ("recall@5", "key_point_recall", "answer_accuracy", "refusal_recall", "citation_validity")


def numbers(questions: QuestionSet, roots: Sequence[Path], folder: Path) -> tuple[dict[str, float | None], int]:
    """Index the roots, ask all questions, and return the metrics and the number of pages."""
    settings = Settings(index=folder / "index")
    sync_index(settings, roots, progress=lambda _: None)
    with open_assistant(settings) as assistant:
        metrics = run_questions(questions, assistant=assistant, out=folder, settings={}).summary["metrics"]
        pages = assistant.status().pages
    values = metrics if isinstance(metrics, dict) else {}
    return {name: value if isinstance(value := values.get(name), int | float) else None for name in METRICS}, pages


def write_distractors(news: Path, folder: Path, count: int) -> None:
    """Write so many news items as text files."""
    folder.mkdir()
    with gzip.open(news, "rt", encoding="utf-8") as file:
        for place, line in enumerate(islice(file, count)):
            row = json.loads(line)
            (folder / f"distractor-{place}.txt").write_text(f"{row.get('title', '')}\n{row['text']}", "utf-8")


def main(corpus: Path, news: Path, files: Sequence[Path]) -> None:
    """Print both sets of numbers and their ratio."""
    questions = load_questions(files)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clean, pages = numbers(questions, [corpus], folder / "clean")
        write_distractors(news, folder / "distractors", round(pages * SHARE / (1 - SHARE)))
        noisy, total = numbers(questions, [corpus, folder / "distractors"], folder / "noisy")
    print(f"{len(questions.questions)} questions; {pages} pages, then {total}\n")
    print("| metric | alone | among distractors | slope |\n|---|---:|---:|---:|")
    for name in METRICS:
        cells = [clean[name], noisy[name], ratio(noisy[name], of=clean[name])]
        print(f"| {name} | " + " | ".join("–" if cell is None else f"{cell:.3f}" for cell in cells) + " |")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        print("skipped: give a corpus, a news file and question files, as the docstring says")
    else:
        main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
