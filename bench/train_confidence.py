"""Trains the confidence model on development questions and on the same questions with their answers taken away.

    HUWEN_DATA=… python bench/train_confidence.py --index DIR [--write]

`--index` names an index of the corpus that the questions were written for. Each answerable question also gives two rows
without an answer: its passages without the sentences that hold a key point, and the passages that are found without its
gold pages. Questions of CMRC trial and of SQuAD, which have no answer in that corpus, are the rows of people who ask about
something else. The model is logistic regression; what it reaches is measured by cross-fitting, whole clusters left out.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
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
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from eval.questions import Question as Row
    from rag.answer.assistant import Assistant
    from rag.types import Passage, Question

QUESTIONS = (Path("eval/qa/corpus.jsonl"), Path("eval/qa/train.jsonl"))
TARGET = Path("rag/answer") / confidence.FILE
# What a row weighs by how it was made: as it was written, written for training alone, without the sentences of its answer,
# without its gold pages, about something else.
WEIGHTS = {"real": 1.0, "train": 0.5, "sentences": 0.03, "pages": 0.03, "other": 0.03}
OTHERS = 150
# What speaks for an answer and what against it. A signal that comes out the other way has learned how the questions were
# written, such as their length, and is left out.
SPEAKS = {
    "named_unstated": -1, "named_bound": 1, "plain_bound": 1, "value_cosine": 1, "plain_cosine": 1, "longest_gap": -1,
    "plain_gap": -1, "in_article": 1, "one_article": 1, "relevance": 1, "cosine": 1, "related": 1, "share": 1, "qualifiers_missing": -1, "kind": 1,
    "list_may_be_missing": -1, "elsewhere": -1, "unknown": -1, "unknown_run": -1, "foreign_cosine": 1,
}  # fmt: skip
FOLDS = 10
PENALTY = 5.0
# The share of answerable questions that may be refused, and of those the share for being about something else.
FALSE_REFUSALS, OFF_TOPIC = 0.045, 0.01
# The signals of whether the passages are about the question.
ABOUT = ("related", "cosine", "relevance", "longest_gap", "unknown", "unknown_run")
ABOUT_WEIGHT = 0.7
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
        rows = [row for row in load_questions(QUESTIONS).questions if row.split in ("dev", "train")]
        examples = [example for row in rows for example in _examples(row, assistant)]
        examples += _others(Path(os.environ["HUWEN_DATA"]) / "qa", assistant)
    names = list(examples[0].signals)
    on_topic = [row for row in examples if row.answered or row.made == "other"]
    about = _cross_fitted(examples, ABOUT, _about_weights)
    answered = _cross_fitted(examples, names, _weights)
    least_about = round(float(np.quantile(about[[row.answered for row in examples]], OFF_TOPIC)), DIGITS)
    least = _least(examples, answered, about < least_about)
    _report(examples, answered, (answered < least) | (about < least_about))
    if arguments.write:
        models = {
            "answered": _model(examples, names, _weights, least=least),
            "about": _model(on_topic, ABOUT, _about_weights, least=least_about),
        }
        _write(examples, names, models)


def _examples(row: Row, assistant: Assistant) -> Iterator[Example]:
    question = _question(row, assistant)
    passages = assistant.retriever.retrieve(question, k=assistant.passages)
    yield from _example(row, assistant, question, passages, made="train" if row.split == "train" else "real")
    if row.answerable and row.key_points and row.split == "dev":
        forms = [form for point in row.key_points for form in point]
        yield from _example(row, assistant, question, [_without(row, forms) for row in passages], made="sentences")
        gold = tuple(page for group in row.gold for page in group)
        wide = assistant.retriever.retrieve(question, k=WIDE)
        others = [found for found in wide if not any(page.startswith(gold) for page in (found.page_id, *found.also))]
        yield from _example(row, assistant, question, others[: assistant.passages], made="pages")


def _others(data: Path, assistant: Assistant) -> Iterator[Example]:
    """Yield questions about other things, from every part of the sets, with what is found for them."""
    zh = [row["q"] for row in _lines(data / "cmrc2018_trial.qs.jsonl.gz")]
    en = [row["a"] for row in _lines(data / "squad_question_sentence.jsonl.gz")]
    for lang, texts in (("zh", zh), ("en", en)):
        for text in texts[:: len(texts) // OTHERS][:OTHERS]:
            question = assistant.asked(text)
            passages = assistant.retriever.retrieve(question, k=assistant.passages)
            signals = assistant.answerer.answer(question, passages, emit=lambda _: None).explain.get("signals")
            if isinstance(signals, dict):
                yield Example(signals=signals, answered=False, made="other", cluster=text, type="other", lang=lang)


def _lines(path: Path) -> Iterator[Mapping[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


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
            answered=row.answerable and made in ("real", "train"),
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


def _weights(row: Example) -> float:
    return WEIGHTS[row.made]


def _about_weights(row: Example) -> float:
    """Only answered questions and those about something else tell what being about it is."""
    return 1.0 if row.answered else ABOUT_WEIGHT if row.made == "other" else 0.0


def _cross_fitted(
    examples: Sequence[Example], names: Sequence[str], weight: Callable[[Example], float]
) -> NDArray[np.float64]:
    """Return each row's probability under a model that saw nothing of its cluster."""
    table, labels, weights = _arrays(examples, names, weight)
    folds = np.array([int(hashlib.sha256(row.cluster.encode()).hexdigest(), 16) % FOLDS for row in examples])
    held_out = np.zeros(len(examples))
    for fold in range(FOLDS):
        seen = (folds != fold) & (weights > 0)
        coefficients, bias = constrained(table[seen], labels[seen], weights[seen], names=names)
        held_out[folds == fold] = _probability(table[folds == fold] @ coefficients + bias)
    return held_out


def _arrays(
    examples: Sequence[Example], names: Sequence[str], weight: Callable[[Example], float]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    table = np.array([[row.signals[name] for name in names] for row in examples])
    labels = np.array([float(row.answered) for row in examples])
    return table, labels, np.array([weight(row) for row in examples])


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


def _least(examples: Sequence[Example], held_out: NDArray[np.float64], refused: NDArray[np.bool_]) -> float:
    """Return the threshold at which `FALSE_REFUSALS` of the answerable questions are refused, held out, with those already `refused`."""
    answered = np.array([row.answered for row in examples])
    spare = FALSE_REFUSALS - float(np.mean(refused[answered]))
    left = held_out[answered & ~refused]
    return round(float(np.quantile(left, spare * answered.sum() / len(left))), DIGITS)


def _report(examples: Sequence[Example], held_out: NDArray[np.float64], refused: NDArray[np.bool_]) -> None:
    rows = list(zip(examples, map(float, held_out), map(bool, refused), strict=True))
    answered = [row for row in rows if row[0].answered]
    print(f"{len(rows)} rows; answered refused {np.mean([no for _, _, no in answered]):.3f}")
    groups = {made: [row for row in rows if row[0].made == made and not row[0].answered] for made in WEIGHTS}
    for key in ("type", "lang"):
        for name in sorted({getattr(example, key) for example, _, _ in groups["real"]}):
            groups[name] = [row for row in groups["real"] if getattr(row[0], key) == name]
    for name, found in groups.items():
        same = [value for example, value, _ in answered if name not in ("zh", "en") or example.lang == name]
        negatives = [value for _, value, _ in found]
        share = np.mean([no for _, _, no in found])
        print(f"{name:16} n {len(found):4} AUROC {auroc(same, negatives=negatives):.3f} refused {share:.3f}")
    for lang in ("zh", "en"):
        of_lang = [no for example, _, no in answered if example.lang == lang]
        print(f"answered {lang}: {len(of_lang)}, refused {np.mean(of_lang):.3f}")


def _model(
    examples: Sequence[Example], names: Sequence[str], weight: Callable[[Example], float], *, least: float
) -> dict[str, object]:
    coefficients, bias = constrained(*_arrays(examples, names, weight), names=names)
    return {
        "least": least,
        "bias": round(bias, DIGITS),
        "weights": {name: round(float(value), DIGITS) for name, value in zip(names, coefficients, strict=True)},
    }


def _write(examples: Sequence[Example], names: Sequence[str], models: Mapping[str, object]) -> None:
    rows = [[*(round(row.signals[name], DIGITS) for name in names), row.answered, row.made] for row in examples]
    stored = {
        "made_by": "HUWEN_DATA=... python bench/train_confidence.py --index DIR --write",
        "questions": "eval/qa/corpus.jsonl, split dev; eval/qa/train.jsonl; cmrc2018_trial; squad_question_sentence",
        "rows": {made: sum(row.made == made for row in examples) for made in WEIGHTS},
        "rows_sha256": hashlib.sha256(json.dumps(rows).encode()).hexdigest(),
        **models,
    }
    TARGET.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
