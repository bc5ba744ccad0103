"""Trains the reranker's weights: `HUWEN_DATA=… python bench/train_reranker.py CORPUS QUESTIONS [--keep FOLDER]`.

Rows are the candidates of the corpus's development questions and of two public sets, made by the same code that answers.
A row is relevant (1) where a chunk of a gold page holds a key point or the answer, and half so (0.5) where it is
another chunk of a gold page; the embedding's features are left at zero in the rows of a set that the built-in model was
trained on. Cross-fitted in five parts that share no cluster: the calibration and the printed figures come from scores of
weights that have not seen the question. Writes `rag/retrieve/reranker.json`. `--keep` keeps the indexes for another run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from retrieval_pool import asked, pool_index

from eval.normalise import contains, normalise
from eval.questions import load_questions
from rag.assembly import open_assistant, sync_index
from rag.config import Settings
from rag.retrieve.features import COLUMNS
from rag.retrieve.hybrid import HybridRetriever
from rag.retrieve.rerank import LearnedReranker
from rag.retrieve.rerank_model import WEIGHTS
from rag.types import Question, Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from rag.answer.assistant import Assistant
    from rag.search_types import Candidate

FILE = Path(__file__).resolve().parent.parent / "rag" / "retrieve" / WEIGHTS
FOLDS = 5
SEED = 20251125
# How many questions of the public sets take part, and what one weighs beside one of the corpus.
PUBLIC = {"cmrc2018_trial": (1002, 0.15)}
SEEN_BY_THE_MODEL = frozenset({"drcd_dev"})
OF_THE_MODEL = tuple(at for at, name in enumerate(COLUMNS) if "dense" in name or "fused" in name)
OTHER_CHUNK = 0.5
# Of the target of a question, what its chunks that hold a key point share.
RIGHT_SHARE = 0.95
RIDGE = 1e-2
STEPS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The candidates of one question: their features and labels, at least one of them above 0."""

    name: str
    cluster: str
    weight: float
    rows: NDArray[np.float64]
    labels: NDArray[np.float64]


def corpus_groups(assistant: Assistant, questions: Path) -> Iterator[Group]:
    """Yield the development questions that have an answer."""
    for row in load_questions([questions]).questions:
        if not row.answerable or not row.gold or row.split != "dev":
            continue
        forms = [form for point in row.key_points for form in point]
        pages = [page for group in row.gold for page in group]
        question = replace(
            assistant._question(row.question, None, row.as_of, ()),  # noqa: SLF001
            history=tuple(Turn(role=turn.role, content=turn.content) for turn in row.history),
        )

        def label(candidate: Candidate, pages: Sequence[str] = pages, forms: Sequence[str] = forms) -> float:
            if not any(candidate.article.page_id.startswith(page) for page in pages):
                return 0.0
            text = normalise(candidate.chunk.text)
            return 1.0 if any(contains(text, form=form) for form in forms) else OTHER_CHUNK

        cluster = row.cluster or row.id
        yield from _group(assistant, question, label, name="corpus", cluster=cluster, weight=1.0)


def public_groups(assistant: Assistant, data: Path, name: str) -> Iterator[Group]:
    """Yield questions of one public set."""
    count, weight = PUBLIC[name]
    rows = asked(data, questions=name, paragraphs=name)
    for at in np.random.default_rng(SEED).permutation(len(rows))[:count]:
        row = rows[at]

        def label(candidate: Candidate, page: str = row.page, answers: Sequence[str] = row.answers) -> float:
            if candidate.article.page_id != page:
                return 0.0
            return 1.0 if any(answer in candidate.chunk.text for answer in answers) else OTHER_CHUNK

        yield from _group(assistant, row.question, label, name=name, cluster=row.page, weight=weight)


def _group(
    assistant: Assistant,
    question: Question,
    label: Callable[[Candidate], float],
    *,
    name: str,
    cluster: str,
    weight: float,
) -> Iterator[Group]:
    retriever = assistant.retriever
    assert isinstance(retriever, HybridRetriever)
    reranker = retriever.reranker
    assert isinstance(reranker, LearnedReranker)
    search = retriever.gathered(question, k=8)
    labels = np.array([label(row) for row in search.candidates])
    if labels.any():
        rows = reranker.rows(search.asked, search.candidates)
        if name in SEEN_BY_THE_MODEL:
            rows[:, OF_THE_MODEL] = 0.0
        yield Group(name=name, cluster=cluster, weight=weight, rows=rows, labels=labels)


def fitted(groups: Sequence[Group]) -> NDArray[np.float64]:
    """Return weights that make the relevant candidates of each question likely among all of them (ListNet, softmax).

    loss = - sum_q w_q sum_i p_i log softmax(X w)_i / sum_q w_q + RIDGE * |w * std|^2; p is `_target`.
    """
    rows = np.concatenate([group.rows for group in groups])
    owner = np.repeat(np.arange(len(groups)), [len(group.rows) for group in groups])
    starts = np.concatenate([[0], np.cumsum([len(group.rows) for group in groups])[:-1]])
    target = np.concatenate([_target(group.labels) for group in groups])
    share = np.array([group.weight for group in groups])
    share = share / share.sum()
    scale = rows.std(axis=0)
    scale[scale == 0.0] = 1.0
    unit = rows / scale
    weights = np.zeros(unit.shape[1])
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        scores = unit @ weights
        scores = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        likely = scores / np.add.reduceat(scores, starts)[owner]
        slope = unit.T @ ((likely - target) * share[owner]) + 2 * RIDGE * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        weights -= 0.03 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    found: NDArray[np.float64] = weights / scale
    return found


def _target(labels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what a question's candidates share: the right chunks most, the others of their pages the rest."""
    right, near = labels == 1.0, labels == OTHER_CHUNK
    if not right.any() or not near.any():
        even: NDArray[np.float64] = labels / labels.sum()
        return even
    target: NDArray[np.float64] = RIGHT_SHARE * right / right.sum() + (1 - RIGHT_SHARE) * near / near.sum()
    return target


def calibrated(
    scores: NDArray[np.float64], labels: NDArray[np.float64], shares: NDArray[np.float64]
) -> tuple[float, float]:
    """Return (slope, offset) of Platt's logistic curve from scores to labels, by Newton's method."""
    design = np.stack([scores, np.ones_like(scores)], axis=1)
    found = np.zeros(2)
    for _ in range(50):
        likely = 1.0 / (1.0 + np.exp(-np.clip(design @ found, -30, 30)))
        slope = design.T @ (shares * (likely - labels))
        curve = (design * (shares * likely * (1 - likely))[:, None]).T @ design + 1e-9 * np.eye(2)
        found -= np.linalg.solve(curve, slope)
    return float(found[0]), float(found[1])


def cross_fitted(groups: Sequence[Group]) -> list[NDArray[np.float64]]:
    """Return each group's scores by weights that have seen no question of its cluster."""
    folds = [int(hashlib.sha256(group.cluster.encode()).hexdigest(), 16) % FOLDS for group in groups]
    scores: list[NDArray[np.float64]] = [np.zeros(0)] * len(groups)
    for fold in range(FOLDS):
        weights = fitted([group for group, at in zip(groups, folds, strict=True) if at != fold])
        for place, (group, at) in enumerate(zip(groups, folds, strict=True)):
            if at == fold:
                scores[place] = group.rows @ weights
    return scores


def report(groups: Sequence[Group], scores: Sequence[NDArray[np.float64]]) -> None:
    """Print how often a relevant candidate comes first, and in the first five, by set: as fused, then reranked."""
    for name in dict.fromkeys(group.name for group in groups):
        counts = []
        for group, found in zip(groups, scores, strict=True):
            if group.name == name:
                order = np.argsort(-found, kind="stable")
                counts.append([*_top(group.labels), *_top(group.labels[order])])
        shares = 100 * np.mean(counts, axis=0)
        print(
            f"{name:16} n={len(counts):4} fused: first {shares[0]:.1f} chunk {shares[1]:.1f} in five {shares[2]:.1f}"
            f"   reranked: first {shares[3]:.1f} chunk {shares[4]:.1f} in five {shares[5]:.1f}"
        )


def _top(labels: NDArray[np.float64]) -> list[float]:
    best = labels.max()
    return [float(labels[0] > 0), float(labels[0] == best), float((labels[:5] == best).any())]


def make_loadable() -> None:
    """Write weights of zero where the file does not name the features that there are now."""
    if not FILE.exists() or json.loads(FILE.read_text("utf-8"))["weights"].keys() != set(COLUMNS):
        write({"slope": 1.0, "offset": 0.0, "weights": dict.fromkeys(COLUMNS, 0.0)})


def write(table: Mapping[str, object]) -> None:
    """Write the weights file."""
    FILE.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", "utf-8")


def main(corpus: Path, questions: Path, keep: Path) -> None:
    """Gather the rows, fit, write the weights."""
    data = Path(os.environ["HUWEN_DATA"])
    groups: list[Group] = []
    make_loadable()
    settings = Settings(index=keep / "corpus")
    sync_index(settings, [corpus], progress=lambda _: None)
    with open_assistant(settings) as assistant:
        groups += corpus_groups(assistant, questions)
    with open_assistant(pool_index(data, keep / "pool")) as assistant:
        for name in PUBLIC:
            groups += public_groups(assistant, data, name)
    scores = cross_fitted(groups)
    report(groups, scores)
    slope, offset = calibrated(
        np.concatenate(scores),
        np.concatenate([group.labels for group in groups]),
        np.concatenate([np.full(len(group.rows), group.weight) for group in groups]),
    )
    rows = np.concatenate([np.column_stack([group.rows, group.labels]) for group in groups])
    table = {
        "what": "probability of relevance = sigmoid(offset + slope * sum of weight * feature); bench/train_reranker.py",
        "command": "HUWEN_DATA=... python bench/train_reranker.py CORPUS eval/qa/corpus.jsonl",
        "questions": {name: sum(group.name == name for group in groups) for name in ("corpus", *PUBLIC)},
        "rows": len(rows),
        "sha256": hashlib.sha256(np.round(rows, 6).tobytes()).hexdigest(),
        "slope": round(slope, 6),
        "offset": round(offset, 6),
        "weights": dict(zip(COLUMNS, np.round(fitted(groups), 6).tolist(), strict=True)),
    }
    write(table)
    print(f"{len(groups)} questions, {len(rows)} rows; written to {FILE}")


if __name__ == "__main__":
    if "HUWEN_DATA" not in os.environ:
        sys.exit("train_reranker: skipped, `HUWEN_DATA` names no folder of public data sets")
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        main(given.corpus, given.questions, given.keep or Path(spare))
