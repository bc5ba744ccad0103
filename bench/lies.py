"""Does the checker of claims catch a liar? Prints what it caught of each kind of lie, and which true claims it marked.

    python bench/lies.py --index FOLDER [--questions FILE] [--split dev|test] [--most 200] [--json FILE] [--show 20]
    python bench/lies.py --index SAMPLES --questions samples/questions.jsonl --lies 60 --freeze tests/answer/lies.json

Takes the sentences nearest to the questions from the passages that the search finds, changes each in ten ways that make it
false, and asks `rag.answer.grounding` of every one. `--show` prints so many wrong cases of each kind;
`--freeze` writes the set to a file instead.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from eval.lies.frozen import write_set
from eval.lies.measure import MOST, LieSet, Measured, lie_set, measure
from eval.questions import load_questions
from rag.answer.grounding import ground_claim
from rag.assembly import open_assistant
from rag.config import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.types import Passage

PASSAGES = 8


def corpus_set(index: Path, questions: Path, *, split: str | None, most: int, lies: int) -> LieSet:
    """Return the lies about the first `most` questions that have an answer, evenly from the whole file."""
    rows = [row for row in load_questions([questions]).questions if row.answerable]
    rows = [row for row in rows if split is None or row.split == split]
    step = max(1, len(rows) // most)

    def found() -> Iterator[tuple[str, str, Sequence[Passage]]]:
        with open_assistant(Settings(index=index)) as assistant:
            for row in rows[::step][:most]:
                yield row.id, row.question, assistant.search(row.question, k=PASSAGES)[0]

    return lie_set(found(), most=lies)


def check(text: str, passages: Sequence[Passage]) -> Sequence[str]:
    """Return the problems of a claim."""
    return ground_claim(text, passages).problems


def print_measured(result: Measured) -> None:
    """Print the table of a measurement."""
    for kind, count in result.lies.items():
        share = result.kind_share(kind)
        print(f"{kind:22}{result.caught[kind]:5} of {count:4} caught" + ("" if share is None else f"{share:8.1%}"))
    print(
        f"{'all lies':22}{sum(result.caught.values()):5} of {sum(result.lies.values()):4} caught{result.caught_share:8.1%}"
    )
    for form, count in result.truths.items():
        print(f"{'true, ' + form:22}{count - result.passed[form]:5} of {count:4} marked")
    print(f"{'all true':22}{len(result.marked):5} of {sum(result.truths.values()):4} marked{result.marked_share:8.1%}")


def print_cases(result: Measured, most: int) -> None:
    """Print the wrong cases, at most so many of each kind."""
    for kind in result.lies:
        for row in [row for row in result.missed if row.kind == kind][:most]:
            print(f"MISSED {kind} {row.key}: {row.was} -> {row.now} | {row.text}")
    for claim, problems in result.marked[: most * 3]:
        print(f"MARKED {claim.form} {claim.key}: {problems} | {claim.text}")


def as_json(result: Measured) -> str:
    """Return the counts as JSON."""
    fields = ("lies", "caught", "truths", "passed", "caught_share", "marked_share")
    return json.dumps({name: getattr(result, name) for name in fields}, ensure_ascii=False, indent=1, default=dict)


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, default=Path("eval/qa/corpus.jsonl"))
    parser.add_argument("--split", choices=("dev", "test"))
    parser.add_argument("--most", type=int, default=200)
    parser.add_argument("--lies", type=int, default=MOST, help="at most so many of a kind")
    parser.add_argument("--freeze", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    rows = corpus_set(options.index, options.questions, split=options.split, most=options.most, lies=options.lies)
    if options.freeze is not None:
        write_set(rows, options.freeze)
        return 0
    result = measure(rows, check=check)
    print_measured(result)
    print_cases(result, options.show)
    if options.json is not None:
        options.json.write_text(as_json(result) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
