"""Which arm of the search earns what, by kind of question: `python bench/eval_baselines.py CORPUS QUESTIONS...`.

Indexes CORPUS, answers the questions with words only, with vectors only and with both, and writes the table into
`docs/results.md` between its marks.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from eval.questions import load_questions
from eval.records import read_run
from eval.run import run_questions
from rag.assembly import open_assistant, sync_index
from rag.config import Settings
from rag.retrieve.hybrid import HybridRetriever

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.assistant import Assistant
    from eval.records import Run
    from rag.answer.assistant import Assistant as Whole

RESULTS = Path(__file__).resolve().parent.parent / "docs" / "results.md"
NAME = "eval_baselines"
METRICS = ("recall@1", "recall@5", "span_recall@5", "mrr@10", "key_point_recall", "answer_accuracy", "refusal_recall")
GROUPS = ("type", "lang", "split")


def arms(whole: Whole) -> dict[str, Assistant]:
    """Return the assistant with one arm, the other, and both."""
    return {
        "words only": without(whole, dense=False),
        "vectors only": without(whole, lexical=False),
        "both": whole,
    }


def without(whole: Whole, **switches: bool) -> Assistant:
    """Return the assistant with stages of its search switched off."""
    retriever = whole.retriever
    assert isinstance(retriever, HybridRetriever)
    return replace(whole, retriever=replace(retriever, switches=replace(retriever.switches, **switches)))


def table(runs: Mapping[str, Run]) -> str:
    """Return one row for each slice and arm."""
    lines = ["| slice | n | arm | " + " | ".join(METRICS) + " |", "|---|---:|---|" + "---:|" * len(METRICS)]
    first = next(iter(runs.values())).summary
    lines += [_row("all", first["n"], arm, run.summary["metrics"]) for arm, run in runs.items()]
    for group in GROUPS:
        for name in _of(first["slices"], group):
            for arm, run in runs.items():
                numbers = _of(_of(run.summary["slices"], group), name)
                lines.append(_row(f"{group} {name}", numbers["n"], arm, numbers))
    return "\n".join(lines)


def write_section(name: str, text: str) -> None:
    """Put a text between the marks of its name in the results page, at the end where there are none."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    page = RESULTS.read_text("utf-8") if RESULTS.exists() else "# Results\n"
    if start not in page:
        page += f"\n{start}\n{end}\n"
    head, _, rest = page.partition(start)
    RESULTS.write_text(f"{head}{start}\n{text}\n{end}{rest.partition(end)[2]}", "utf-8")


def main(corpus: Path, files: Sequence[Path]) -> None:
    """Run the three arms and write the table."""
    questions = load_questions(files)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(index=Path(folder) / "index")
        sync_index(settings, [corpus], progress=lambda _: None)
        with open_assistant(settings) as whole:
            runs = {
                arm: read_run(run_questions(questions, assistant=one, out=Path(folder), settings={}).folder)
                for arm, one in arms(whole).items()
            }
        manifest = next(iter(runs.values())).manifest
        head = (
            f"## Words, vectors, both\n\nExtractive answers to `{questions.name}` ({len(questions.questions)} questions), "
            f"embedder `{_of(manifest, 'index')['embedder']}`. "
            "Command: `python bench/eval_baselines.py CORPUS eval/qa/corpus.jsonl`.\n\n"
        )
        write_section(NAME, head + table(runs))
    print(f"written to {RESULTS}")


def _of(value: object, name: str) -> dict[str, object]:
    found = value[name] if isinstance(value, dict) else {}
    return found if isinstance(found, dict) else {}


def _row(name: str, n: object, arm: str, numbers: object) -> str:
    values = [numbers.get(metric) if isinstance(numbers, dict) else None for metric in METRICS]
    shown = ["–" if not isinstance(value, int | float) else f"{100 * value:.1f}" for value in values]
    return f"| {name} | {n} | {arm} | " + " | ".join(shown) + " |"


if __name__ == "__main__":
    if len(sys.argv) < 3:
        print("skipped: give a corpus and question files, as the docstring says")
    else:
        main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
