"""Trains the confidence model on development questions and on the same questions with their answers taken away.

    python bench/train_confidence.py --index DIR [--write]

`--index` names an index of the corpus that the questions were written for. Each answerable question also gives two rows
without an answer: its passages without the sentences that hold a key point, and the passages that are found without its
gold pages. The model is logistic regression; what it reaches is measured by cross-fitting, whole clusters left out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from eval.metrics.refusals import auroc
from eval.normalise import contains, normalise
from eval.questions import load_questions
from rag.answer import confidence
from rag.assembly import open_assistant
from rag.config import Settings
from rag.text.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from eval.questions import Question as Row
    from rag.answer.assistant import Assistant
    from rag.types import Passage, Question

QUESTIONS = Path("eval/qa/corpus.jsonl")
TARGET = Path("rag/answer") / confidence.FILE
# What a row weighs by how it was made: as it was written, without the sentences of its answer, without its gold pages.
WEIGHTS = {"real": 1.0, "sentences": 0.03, "pages": 0.03}
# What speaks for an answer and what against it. A signal that comes out the other way has learned how the questions were
# written, such as their length, and is left out.
SPEAKS = {
    "named_unstated": -1, "named_bound": 1, "plain_bound": 1, "value_cosine": 1, "plain_cosine": 1, "longest_gap": -1,
    "plain_gap": -1, "in_article": 1, "one_article": 1, "relevance": 1, "cosine": 1, "qualifiers_missing": -1, "kind": 1,
    "list_may_be_missing": -1, "elsewhere": -1, "foreign_cosine": 1,
}  # fmt: skip
FOLDS = 10
PENALTY = 5.0
FALSE_REFUSALS = 0.04
WIDE = 24
DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One row to learn from. `made` is a key of `WEIGHTS`; rows of one cluster are never on both sides of a fold."""

    signals: Mapping[str, float]
    answered: bool
    made: str
    cluster: str
    type: str
    lang: str


def main() -> None:
    """Train, report what cross-fitting shows, and write the weights where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help=f"write {TARGET}")
    arguments = parser.parse_args()
    with open_assistant(Settings(index=arguments.index)) as assistant:
        rows = [row for row in load_questions([QUESTIONS]).questions if row.split == "dev"]
        examples = [example for row in rows for example in _examples(row, assistant)]
    names, held_out = _cross_fitted(examples)
    least = _least(examples, held_out)
    _report(examples, held_out, least)
    if arguments.write:
        _write(examples, names, least)


def _examples(row: Row, assistant: Assistant) -> Iterator[Example]:
    question = _question(row, assistant)
    passages = assistant.retriever.retrieve(question, k=assistant.passages)
    yield from _example(row, assistant, question, passages, made="real")
    if row.answerable and row.key_points:
        forms = [form for point in row.key_points for form in point]
        yield from _example(row, assistant, question, [_without(row, forms) for row in passages], made="sentences")
        gold = tuple(page for group in row.gold for page in group)
        wide = assistant.retriever.retrieve(question, k=WIDE)
        others = [found for found in wide if not any(page.startswith(gold) for page in (found.page_id, *found.also))]
        yield from _example(row, assistant, question, others[: assistant.passages], made="pages")


def _question(row: Row, assistant: Assistant) -> Question:
    return assistant.asked(row.question, as_of=row.as_of, history=row.turns())


def _example(
    row: Row, assistant: Assistant, question: Question, passages: Sequence[Passage], *, made: str
) -> Iterator[Example]:
    """Yield the row, unless nothing is left to read: that is refused without asking the model."""
    answer = assistant.answerer.answer(question, passages, emit=lambda _: None)
    signals = answer.explain.get("signals")
    if isinstance(signals, dict):
        yield Example(
            signals=signals,
            answered=row.answerable and made == "real",
            made=made,
            cluster=row.cluster or row.id,
            type=row.type,
            lang=row.lang,
        )


def _without(passage: Passage, forms: Sequence[str]) -> Passage:
    """Return the passage without the sentences that hold one of the forms."""
    sentences = [passage.text[span.start : span.end] for span in sentence_spans(passage.text)]
    kept = [text for text in sentences if not any(contains(normalise(text), form=form) for form in forms)]
    return replace(passage, text="\n".join(kept))


def _cross_fitted(examples: Sequence[Example]) -> tuple[list[str], NDArray[np.float64]]:
    """Return the signals' names and each row's probability under a model that saw nothing of its cluster."""
    names = list(examples[0].signals)
    table, labels, weights = _arrays(examples, names)
    folds = np.array([int(hashlib.sha256(row.cluster.encode()).hexdigest(), 16) % FOLDS for row in examples])
    held_out = np.zeros(len(examples))
    for fold in range(FOLDS):
        seen = folds != fold
        coefficients, bias = constrained(table[seen], labels[seen], weights[seen], names=names)
        held_out[~seen] = _probability(table[~seen] @ coefficients + bias)
    return names, held_out


def _arrays(
    examples: Sequence[Example], names: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    table = np.array([[row.signals[name] for name in names] for row in examples])
    labels = np.array([float(row.answered) for row in examples])
    return table, labels, np.array([WEIGHTS[row.made] for row in examples])


def constrained(
    table: NDArray[np.float64], labels: NDArray[np.float64], weights: NDArray[np.float64], *, names: Sequence[str]
) -> tuple[NDArray[np.float64], float]:
    """Return coefficients and bias; a signal whose sign is wrong, the one that counts most first, gets 0."""
    signs = np.array([SPEAKS.get(name, 0) for name in names])
    used = np.ones(len(names), dtype=bool)
    while True:
        found, bias = fitted(table[:, used], labels, weights)
        coefficients = np.zeros(len(names))
        coefficients[used] = found
        wrong = np.where(coefficients * signs < 0, np.abs(coefficients) * table.std(axis=0), 0.0)
        if not wrong.any():
            return coefficients, bias
        used[int(np.argmax(wrong))] = False


def fitted(
    table: NDArray[np.float64], labels: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Return coefficients and bias of a ridge logistic regression, by Newton's method on scaled columns."""
    mean, scale = table.mean(axis=0), table.std(axis=0) + 1e-6
    rows = np.hstack([(table - mean) / scale, np.ones((len(table), 1))])
    penalty = np.diag([PENALTY] * table.shape[1] + [1e-6])
    solution = np.zeros(rows.shape[1])
    for _ in range(50):
        expected = _probability(rows @ solution)
        slope = rows.T @ (weights * (expected - labels)) + penalty @ solution
        curve = (rows * (weights * expected * (1 - expected))[:, None]).T @ rows + penalty
        solution -= np.linalg.solve(curve, slope)
    coefficients = solution[:-1] / scale
    return coefficients, float(solution[-1] - mean @ coefficients)


def _probability(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30)))


def _least(examples: Sequence[Example], held_out: NDArray[np.float64]) -> float:
    """Return the threshold under which `FALSE_REFUSALS` of the answerable questions lie when they are held out."""
    answered = [value for value, row in zip(held_out, examples, strict=True) if row.answered]
    return round(float(np.quantile(answered, FALSE_REFUSALS)), DIGITS)


def _report(examples: Sequence[Example], held_out: NDArray[np.float64], least: float) -> None:
    pairs = [(float(value), row) for value, row in zip(held_out, examples, strict=True)]
    answered = [value for value, row in pairs if row.answered]
    print(f"{len(examples)} rows; least {least}; answered refused {np.mean([v < least for v in answered]):.3f}")
    groups = {
        "real": [value for value, row in pairs if row.made == "real" and not row.answered],
        **{made: [value for value, row in pairs if row.made == made] for made in ("sentences", "pages")},
    }
    real = [(value, row) for value, row in pairs if row.made == "real"]
    for key in ("type", "lang"):
        for name in sorted({getattr(row, key) for _, row in real if not row.answered}):
            groups[name] = [value for value, row in real if not row.answered and getattr(row, key) == name]
    for name, values in groups.items():
        refused = np.mean([value < least for value in values])
        same = [value for value, row in real if row.answered and (name not in ("zh", "en") or row.lang == name)]
        print(f"{name:16} n {len(values):4} AUROC {auroc(same, negatives=values):.3f} refused {refused:.3f}")
    for lang in ("zh", "en"):
        same = [value for value, row in real if row.answered and row.lang == lang]
        print(f"answered {lang}: {len(same)}, refused {np.mean([value < least for value in same]):.3f}")


def _write(examples: Sequence[Example], names: Sequence[str], least: float) -> None:
    coefficients, bias = constrained(*_arrays(examples, names), names=names)
    rows = [[*(round(row.signals[name], DIGITS) for name in names), row.answered, row.made] for row in examples]
    stored = {
        "made_by": "python bench/train_confidence.py --index DIR --write",
        "questions": f"{QUESTIONS}, split dev",
        "rows": {made: sum(row.made == made for row in examples) for made in WEIGHTS},
        "rows_sha256": hashlib.sha256(json.dumps(rows).encode()).hexdigest(),
        "least": least,
        "bias": round(bias, DIGITS),
        "weights": {name: round(float(value), DIGITS) for name, value in zip(names, coefficients, strict=True)},
    }
    TARGET.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
