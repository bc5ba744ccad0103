"""Trains the scorer of sentences: `HUWEN_DATA=… python bench/train_sentences.py --index DIR [--write]`.

`--index` is an index of the corpus that the development and training questions were written for; beside them DRCD (dev) and CMRC
trial train it. The model is a weighted sum with a few bent units beside it, fitted so that, of all sentences that a question meets, those that hold a key point get most of the
softmax. The embedding's features are left at zero in the rows of DRCD, which the built-in model was trained on. What is printed for the
corpus comes from weights that have not seen the question's cluster. Writes `rag/answer/sentences.json`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sentence_picking import _rows, idf_of, passage_of

from embeddings.open import open_embedder
from eval.normalise import contains, normalise
from eval.questions import load_questions
from rag.answer import scoring
from rag.answer.extractive import ExtractiveAnswerer
from rag.answer.features import FEATURES
from rag.answer.findings import features_of, lookup_of
from rag.answer.scoring import Scorer
from rag.answer.sheet import Reader
from rag.assembly import open_assistant
from rag.config import Settings
from rag.text.language import detect_lang
from rag.types import Question

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

QUESTIONS = (Path("eval/qa/corpus.jsonl"), Path("eval/qa/train.jsonl"))
TARGET = Path("rag/answer") / scoring.FILE
# What a question of each set weighs; those of the corpus are what the answerer is for.
WEIGHTS = {"drcd_dev": 0.06, "cmrc2018_trial": 0.15, "dev": 1.0, "train": 1.0}
SEEN_BY_THE_MODEL = frozenset({"drcd_dev"})
OF_THE_MODEL = [FEATURES.index(name) for name in ("cosine", "cosine_best")]
RIDGE, STEPS, RATE, FOLDS, UNITS, SEED = 0.006, 300, 0.01, 5, 16, 1
SHOWN = (1, 2, 3, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The sentences that one question met, and which of them hold each of its points."""

    name: str
    cluster: str
    rows: NDArray[np.float64]
    points: NDArray[np.bool_]


def main() -> None:
    """Train, report, and write the weights where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help=f"write {TARGET}")
    chosen = parser.parse_args()
    groups = [
        row for name in ("drcd_dev", "cmrc2018_trial") for row in public_groups(Path(os.environ["HUWEN_DATA"]), name)
    ]
    groups += corpus_groups(chosen.index)
    report(groups)
    if chosen.write:
        write(groups, fitted(groups))


def public_groups(data: Path, name: str) -> Iterator[Group]:
    """Yield the questions of a reading set, each with the sentences of its own paragraph."""
    reader = Reader(open_embedder("builtin"))
    paragraphs = {row["id"]: row for row in _rows(data / "qa" / f"{name}.paras.jsonl.gz")}
    idf = idf_of([row["text"] for row in paragraphs.values()])
    for row in _rows(data / "qa" / f"{name}.qs.jsonl.gz"):
        held = paragraphs[row["pid"]]
        question = Question(text=row["q"], lang=detect_lang(row["q"]))
        sheet = reader.read([passage_of(held["text"], title=held.get("title") or "")])
        rows = features_of(lookup_of(question, idf=idf, reader=reader), sheet)
        answers = row["answers"]
        points = np.array([[any(_overlap(row_.line.text, answer) for answer in answers) for row_ in sheet]])
        if name in SEEN_BY_THE_MODEL:
            rows[:, OF_THE_MODEL] = 0.0
        if points.any():
            yield Group(name=name, cluster=row["pid"], rows=rows, points=points)


def _overlap(sentence: str, answer: str) -> bool:
    """Tell whether a sentence holds an answer, or is one of several sentences of it."""
    return answer in sentence or sentence.strip() in answer


def corpus_groups(index: Path) -> Iterator[Group]:
    """Yield the answerable development questions with the passages that are found for them."""
    with open_assistant(Settings(index=index)) as assistant:
        answerer = assistant.answerer
        assert isinstance(answerer, ExtractiveAnswerer)
        for row in load_questions(QUESTIONS).questions:
            if not row.answerable or not row.key_points or row.split not in ("dev", "train"):
                continue
            question = assistant.asked(row.question, as_of=row.as_of, history=row.turns())
            passages = assistant.retriever.retrieve(question, k=assistant.passages)
            sheet = answerer.reader.read(passages)
            rows = features_of(lookup_of(question, idf=answerer.idf, reader=answerer.reader), sheet)
            pages = tuple(page for group in row.gold for page in group)
            texts = [normalise(row_.line.text) if row_.page.passage.page_id.startswith(pages) else "" for row_ in sheet]
            points = np.array(
                [[any(contains(text, form=form) for form in point) for text in texts] for point in row.key_points]
            )
            held = points[points.any(axis=1)] if points.size else points
            if held.size:
                yield Group(name=row.split, cluster=row.cluster or row.id, rows=rows, points=held)


def fitted(groups: Sequence[Group]) -> Scorer:
    """Return weights that maximise the log share of the softmax on the holders of each point, less a ridge (Adam)."""
    rows = np.concatenate([group.rows for group in groups])
    mean, deviation = rows.mean(axis=0), rows.std(axis=0)
    deviation[deviation < 1e-6] = 1.0
    unit = (rows - mean) / deviation
    target = _Target.of(groups)
    random = np.random.default_rng(SEED)
    count = unit.shape[1]
    values = [
        np.zeros(count),
        random.normal(scale=count**-0.5, size=(count, UNITS)),
        np.zeros(UNITS),
        np.zeros(UNITS),
    ]
    first, second = [np.zeros_like(value) for value in values], [np.zeros_like(value) for value in values]
    for step in range(1, STEPS + 1):
        rate = RATE * 0.5 * (1.0 + np.cos(np.pi * step / STEPS))
        for at, slope in enumerate(_slopes(unit, values, target)):
            first[at] = 0.9 * first[at] + 0.1 * slope
            second[at] = 0.999 * second[at] + 0.001 * slope**2
            values[at] = values[at] - rate * (first[at] / (1 - 0.9**step)) / (
                np.sqrt(second[at] / (1 - 0.999**step)) + 1e-9
            )
    straight, into, bias, out = values
    scaled = into / deviation[:, None]
    return Scorer(straight=straight / deviation, into=scaled, bias=bias - mean @ scaled, out=out)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """Which rows hold each point, and what each point and question weighs."""

    starts: NDArray[np.int_]
    sizes: NDArray[np.int_]
    masses: NDArray[np.float64]
    holders: NDArray[np.int_]
    begins: NDArray[np.int_]
    counts: NDArray[np.int_]
    shares: NDArray[np.float64]

    @classmethod
    def of(cls, groups: Sequence[Group]) -> _Target:
        sizes = np.array([len(group.rows) for group in groups])
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        share = np.array([WEIGHTS[group.name] for group in groups])
        share = share / share.sum()
        points = [
            (start + np.flatnonzero(mask), weight / len(group.points))
            for start, group, weight in zip(starts, groups, share, strict=True)
            for mask in group.points
        ]
        counts = np.array([len(where) for where, _ in points])
        return cls(
            starts=starts,
            sizes=sizes,
            masses=np.repeat(share, sizes),
            holders=np.concatenate([where for where, _ in points]),
            begins=np.concatenate([[0], np.cumsum(counts)[:-1]]),
            counts=counts,
            shares=np.repeat([weight for _, weight in points], counts),
        )


def _slopes(
    unit: NDArray[np.float64], values: Sequence[NDArray[np.float64]], target: _Target
) -> list[NDArray[np.float64]]:
    """Return the gradient of the loss with regard to each of the four arrays of weights."""
    straight, into, bias, out = values
    bent = np.tanh(unit @ into + bias)
    softmax = _softmax(unit @ straight + bent @ out, target.starts, target.sizes)
    held = softmax[target.holders]
    slope = softmax * target.masses
    np.subtract.at(
        slope, target.holders, target.shares * held / np.repeat(np.add.reduceat(held, target.begins), target.counts)
    )
    inner = (slope[:, None] * out) * (1.0 - bent**2)
    raw = [unit.T @ slope, unit.T @ inner, inner.sum(axis=0), bent.T @ slope]
    return [found + 2 * RIDGE * value for found, value in zip(raw, values, strict=True)]


def _softmax(scores: NDArray[np.float64], starts: NDArray[np.int_], sizes: NDArray[np.int_]) -> NDArray[np.float64]:
    powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
    found: NDArray[np.float64] = powers / np.repeat(np.add.reduceat(powers, starts), sizes)
    return found


def report(groups: Sequence[Group]) -> None:
    """Print the share of points in the first sentences, each question scored by weights without its cluster."""
    found: dict[str, list[list[float]]] = {}
    for fold in range(FOLDS):
        scorer = fitted([group for group in groups if _fold(group) != fold])
        for group in groups:
            if _fold(group) == fold:
                found.setdefault(group.name, []).append(_hits(group, scorer))
    for name, rows in found.items():
        shares = " / ".join(f"{100 * share:.1f}" for share in np.mean(rows, axis=0))
        print(f"{name}: {len(rows)} questions, points in the first {' / '.join(map(str, SHOWN))} sentences: {shares}")


def _hits(group: Group, scorer: Scorer) -> list[float]:
    order = np.argsort(-scorer.raw(group.rows), kind="stable")
    return [float(np.mean([mask[order[:k]].any() for mask in group.points])) for k in SHOWN]


def _fold(group: Group) -> int:
    return zlib.crc32(f"{group.name} {group.cluster}".encode()) % FOLDS


def write(groups: Sequence[Group], scorer: Scorer) -> None:
    """Write the weights with what they were trained on."""
    digest = hashlib.sha256()
    for group in groups:
        digest.update(str(group.cluster).encode() + np.round(group.rows, 4).tobytes() + group.points.tobytes())
    content = {
        "what": "of a sentence's features, named in rag/answer/scoring.py: straight @ features + out @ tanh(into @ features + bias)",
        "command": "HUWEN_DATA=... python bench/train_sentences.py --index DIR --write",
        "questions": {name: sum(group.name == name for group in groups) for name in WEIGHTS},
        "rows": sum(len(group.rows) for group in groups),
        "sha256": digest.hexdigest(),
        "weights": scoring.stored(scorer),
    }
    TARGET.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
