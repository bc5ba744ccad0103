"""How well an embedding model finds paragraphs by itself, without the lexical half; prints one table.

    HUWEN_DATA=… python bench/embeddings_retrieval.py [SPEC | FOLDER]

The pool is every Chinese paragraph of the four question sets, filled up to 8,000 with pieces of news, in a shuffled
order; ties are broken by a hash. CMRC trial, and the segments and headlines that training leaves out, are the sets to
choose by. The others are tests: reported, never tuned on.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embeddings.builtin.embedder import open_builtin
from embeddings.open import open_embedder
from embeddings.train import records
from embeddings.train.held_out import headlines, segments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rag.protocols import Embedder

POOL = 8000
PIECE = 400
SEED = 20251125
SETS = ("cmrc2018_trial", "cmrc2018_dev", "drcd_dev", "xquad_zh")
PROTOTYPE = {
    "CMRC dev": "62.6 / 86.1",
    "XQuAD zh": "65.8 / 88.0",
    "XQuAD en -> zh": "25.3 / 51.5",
    "NTREX en -> zh": "76.3 / 92.4",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Shares of the questions, 0 to 1; a question whose gold text is not found counts 0 everywhere."""

    at_1: float
    at_10: float
    reciprocal: float


def main() -> None:
    """Print the table for the model named on the command line, the built-in one by default."""
    if "HUWEN_DATA" not in os.environ:
        sys.exit("embeddings_retrieval: skipped, `HUWEN_DATA` names no folder of public data sets")
    data = Path(os.environ["HUWEN_DATA"])
    name = sys.argv[1] if len(sys.argv) > 1 else "builtin"
    model = open_builtin(Path(name)) if Path(name).is_dir() else open_embedder(name)
    print(f"{model.identity}: recall@1 / recall@10 / MRR in per cent; beside it the prototype's recall@1 / recall@10")
    started = time.perf_counter()
    for title, score in measure(model, data).items():
        row = f"{100 * score.at_1:5.1f} / {100 * score.at_10:5.1f} / {100 * score.reciprocal:5.1f}"
        print(f"{title:<20}{row}    {PROTOTYPE.get(title, '-'):>12}")
    print(f"{time.perf_counter() - started:.1f} s in all")


def measure(model: Embedder, data: Path) -> dict[str, Score]:
    """Return the score on each set."""
    sets = {name: records.question_set(data, name) for name in SETS}
    pool = pool_texts(data, [text for held in sets.values() for text in held.paragraphs])
    vectors = model.embed(pool, kind="document")
    place = {text: at for at, text in enumerate(pool)}
    scores: dict[str, Score] = {}
    for title, name, asked in (
        ("CMRC trial", "cmrc2018_trial", "cmrc2018_trial"),
        ("CMRC dev", "cmrc2018_dev", "cmrc2018_dev"),
        ("XQuAD zh", "xquad_zh", "xquad_zh"),
        ("XQuAD en -> zh", "xquad_zh", "xquad_en"),
    ):
        questions = model.embed(records.question_set(data, asked).questions, kind="query")
        gold = [place[sets[name].paragraphs[at]] for at in sets[name].gold]
        scores[title] = _score(questions, vectors, gold=gold, texts=pool)
    scores["NTREX en -> zh"] = _matching(model, records.translations(data, "ntrex_en_zh"))
    scores["segments en -> zh"] = _matching(model, segments(data))
    scores["headlines"] = _matching(model, headlines(data))
    return scores


def _matching(model: Embedder, pairs: Sequence[tuple[str, str]]) -> Score:
    """Return how well each pair's first text finds its second among all second texts."""
    texts = list(dict.fromkeys(text for _, text in pairs))
    place = {text: at for at, text in enumerate(texts)}
    questions = model.embed([question for question, _ in pairs], kind="query")
    vectors = model.embed(texts, kind="document")
    return _score(questions, vectors, gold=[place[text] for _, text in pairs], texts=texts)


def pool_texts(data: Path, paragraphs: Sequence[str]) -> list[str]:
    """Return the distinct paragraphs and as many pieces of news as make 8,000, shuffled."""
    pool = dict.fromkeys(paragraphs)
    rng = np.random.default_rng(SEED)
    news = records.articles(data)
    for at in rng.permutation(len(news)):
        if len(pool) >= POOL:
            break
        pool.setdefault(news[at][:PIECE])
    texts = list(pool)
    return [texts[at] for at in rng.permutation(len(texts))]


def _score(
    questions: NDArray[np.float32], vectors: NDArray[np.float32], *, gold: Sequence[int], texts: Sequence[str]
) -> Score:
    order = np.argsort([hashlib.sha256(text.encode()).digest() for text in texts])
    precedence = np.empty(len(texts), dtype=np.int64)
    precedence[order] = np.arange(len(texts))
    ranks = np.array([_rank(vectors @ question, at, precedence) for question, at in zip(questions, gold, strict=True)])
    return Score(
        at_1=float((ranks <= 1).mean()), at_10=float((ranks <= 10).mean()), reciprocal=float((1.0 / ranks).mean())
    )


def _rank(scores: NDArray[np.float32], gold: int, precedence: NDArray[np.int64]) -> int:
    """Return the rank, from 1, of the gold text among all; of equal scores the smaller hash comes first."""
    better = scores > scores[gold]
    tied = (scores == scores[gold]) & (precedence < precedence[gold])
    return 1 + int(np.count_nonzero(better | tied))


if __name__ == "__main__":
    main()
