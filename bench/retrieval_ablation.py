"""What each stage of the search is worth: `python bench/retrieval_ablation.py CORPUS QUESTIONS [--index DIR]`.

Searches for every answerable question with all stages, then with each one off in turn, and writes the table into
`docs/results.md`: the mean with all stages, and the loss without each with its 95 % bootstrap interval over questions,
on the development and the test half and on slices of both. A stage whose loss is not above zero anywhere is worth nothing.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from eval_baselines import write_section

from eval.metrics.answers import points_found
from eval.metrics.ranking import page_recall
from eval.questions import load_questions
from eval.result import Passage
from rag.assembly import open_assistant, sync_index
from rag.config import Settings
from rag.retrieve.hybrid import HybridRetriever, Switches
from rag.types import Turn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from eval.questions import Question
    from rag.answer.assistant import Assistant

NAME = "retrieval_ablation"
MEASURES = ("recall@1", "recall@5", "all groups@5", "key points@5")
TOP, MOST_CHARS = 5, 2500
SAMPLES = 2000
SEED = 20251125
ALL = "all stages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One question's measures, NaN where one is not defined, and the slices that it is in."""

    slices: tuple[str, ...]
    values: tuple[float, ...]


def scored(question: Question, assistant: Assistant, switches: Switches) -> Scored:
    """Search for one question with some stages off."""
    retriever = assistant.retriever
    assert isinstance(retriever, HybridRetriever)
    history = tuple(Turn(role=turn.role, content=turn.content) for turn in question.history)
    asked = assistant.asked(question.question, as_of=question.as_of, history=history)
    found = [
        Passage(rank=row.rank, article_id=row.article_id, page_id=row.page_id, also=row.also, text=row.text)
        for row in replace(retriever, switches=switches).retrieve(asked, k=8)
    ]
    text = "\n".join(row.text for row in found[:TOP])[: MOST_CHARS + TOP]
    points = points_found(text, points=question.key_points)
    first, five = (page_recall(found, gold=question.gold, k=k) or 0.0 for k in (1, TOP))
    return Scored(
        slices=(question.split or "none", f"{question.split} {question.lang}", f"{question.split} {question.type}"),
        values=(first, five, float(five == 1.0), sum(points) / len(points) if points else float("nan")),
    )


def table(runs: Mapping[str, Sequence[Scored]]) -> str:
    """Return one row for each slice and stage."""
    whole = runs[ALL]
    names = sorted({name for row in whole for name in row.slices}, key=lambda name: (name.count(" "), name))
    lines = [f"| slice | n | without | {' | '.join(MEASURES)} |", "|---|---:|---|" + "---:|" * len(MEASURES)]
    for name in names:
        within = np.array([name in row.slices for row in whole])
        base = _values(whole)[within]
        lines.append(f"| {name} | {len(base)} | – | {' | '.join(f'{100 * x:.1f}' for x in np.nanmean(base, axis=0))} |")
        # Types are small: only halves and languages are taken apart stage by stage.
        if name.split()[-1] in {"dev", "test", "zh", "en"}:
            for stage, rows in runs.items():
                if stage != ALL:
                    cells = [_loss(column) for column in (base - _values(rows)[within]).T]
                    lines.append(f"| {name} | {len(base)} | {stage} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _values(rows: Sequence[Scored]) -> NDArray[np.float64]:
    return np.array([row.values for row in rows])


def _loss(losses: NDArray[np.float64]) -> str:
    """Return the mean loss in points with its percentile bootstrap interval."""
    known = losses[~np.isnan(losses)]
    draws = np.random.default_rng(SEED).integers(0, len(known), size=(SAMPLES, len(known)))
    low, high = np.percentile(known[draws].mean(axis=1), (2.5, 97.5))
    return f"{100 * known.mean():+.1f} [{100 * low:.1f}, {100 * high:.1f}]"


def main(corpus: Path, questions: Path, index: Path) -> None:
    """Run every variant and write the table."""
    rows = [row for row in load_questions([questions]).questions if row.answerable and row.gold]
    settings = Settings(index=index)
    sync_index(settings, [corpus], progress=lambda _: None)
    variants = {ALL: Switches()} | {
        stage.name: replace(Switches(), **{stage.name: False}) for stage in fields(Switches)
    }
    with open_assistant(settings) as assistant:
        runs = {name: [scored(row, assistant, switches) for row in rows] for name, switches in variants.items()}
    head = (
        "## What each stage of the search is worth\n\n"
        "Shares in per cent with all stages; below them what is lost, in points, without one stage, with its 95 % bootstrap "
        "interval. Key points are looked for in the first five passages, at most 2,500 characters together. "
        "Command: `python bench/retrieval_ablation.py CORPUS eval/qa/corpus.jsonl`.\n\n"
    )
    write_section(NAME, head + table(runs))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("questions", type=Path, nargs="?")
    parser.add_argument("--index", type=Path)
    given = parser.parse_args()
    if given.corpus is None or given.questions is None:
        print("skipped: give a corpus and a question file, as the docstring says")
    else:
        with tempfile.TemporaryDirectory() as spare:
            main(given.corpus, given.questions, given.index or Path(spare) / "index")
