"""What words, vectors and the translation lexicon find, each alone and together: recall@1, recall@10, MRR and nDCG@10.

    HUWEN_DATA=… python bench/cross_language.py [SET...]

Each set is an index of its own texts (the question sets share the pool of `bench/embeddings_retrieval.py`); a system is the
search with some arms switched off, before any reranking. Intervals are 95 % bootstraps over questions. CMRC trial is the set to choose
by, the others are tests. Writes its table into `docs/results.md`.
"""

from __future__ import annotations

import json
import math
import os
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from embeddings_retrieval import SETS, headlines, pool_texts
from eval_baselines import write_section
from retrieval_pool import page_of

from embeddings.lexicon.lexicon import open_lexicon
from embeddings.train import records
from rag.assembly import open_assistant, sync_index
from rag.config import Settings
from rag.retrieve.hybrid import HybridRetriever, Switches
from rag.text.language import detect_lang
from rag.types import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

NAME = "cross_language"
TOP, RESAMPLES, SEED = 10, 1000, 20251125
SYSTEMS = {
    "lexical": Switches(dense=False, translation=False, mending=False),
    "dense": Switches(lexical=False, translation=False, mending=False),
    "fused": Switches(translation=False, mending=False),
    "lexicon": Switches(dense=False, mending=False),
    "all": Switches(mending=False),
}
# Recall@1 / recall@10 in per cent of the project's own prototype, where it was measured.
PROTOTYPE = {
    ("CMRC dev", "lexical"): "96.3 / 99.7",
    ("CMRC dev", "dense"): "62.6 / 86.1",
    ("CMRC dev", "fused"): "96.4 / 99.7",
    ("XQuAD zh", "lexical"): "88.3 / 98.2",
    ("XQuAD zh", "dense"): "65.8 / 88.0",
    ("XQuAD zh", "fused"): "90.1 / 98.6",
    ("XQuAD en -> zh", "dense"): "25.3 / 51.5",
    ("XQuAD en -> zh", "lexicon"): "41.3 / 63.0",
    ("XQuAD en -> zh", "all"): "48-54 / 74-80",
    ("NTREX en -> zh", "dense"): "76.3 / 92.4",
    ("NTREX en -> zh", "lexicon"): "77.6 / 90.9",
    ("NTREX en -> zh", "all"): "87-91 / 97-98",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Questions, each with the text that answers it, among all texts."""

    questions: Sequence[str]
    gold: Sequence[str]
    texts: Sequence[str]


def pool_task(data: Path, *, questions: str, paragraphs: str) -> Task:
    """Return a question set among the pool of 8,000 Chinese texts."""
    sets = {name: records.question_set(data, name) for name in SETS}
    asked, held = records.question_set(data, questions), records.question_set(data, paragraphs)
    pool = pool_texts(data, [text for row in sets.values() for text in row.paragraphs])
    return Task(questions=asked.questions, gold=[held.paragraphs[at] for at in held.gold], texts=pool)


def english_task(data: Path) -> Task:
    """Return the Chinese questions of XQuAD among its English paragraphs."""
    asked, held = records.question_set(data, "xquad_zh"), records.question_set(data, "xquad_en")
    return Task(questions=asked.questions, gold=[held.paragraphs[at] for at in held.gold], texts=held.paragraphs)


def matching_task(pairs: Sequence[tuple[str, str]]) -> Task:
    """Return pairs whose first text asks for the second."""
    return Task(
        questions=[one for one, _ in pairs], gold=[other for _, other in pairs], texts=[row for _, row in pairs]
    )


TASKS: dict[str, Callable[[Path], Task]] = {
    "CMRC trial": lambda data: pool_task(data, questions="cmrc2018_trial", paragraphs="cmrc2018_trial"),
    "CMRC dev": lambda data: pool_task(data, questions="cmrc2018_dev", paragraphs="cmrc2018_dev"),
    "XQuAD zh": lambda data: pool_task(data, questions="xquad_zh", paragraphs="xquad_zh"),
    "XQuAD en -> zh": lambda data: pool_task(data, questions="xquad_en", paragraphs="xquad_zh"),
    "XQuAD zh -> en": english_task,
    "NTREX en -> zh": lambda data: matching_task(records.translations(data, "ntrex_en_zh")),
    "headlines": lambda data: matching_task(headlines(data)),
}


def ranks(task: Task, settings: Settings, switches: Switches) -> NDArray[np.float64]:
    """Return the rank of each question's text, infinite where the first candidates do not hold it."""
    with open_assistant(settings, switches=replace(switches, rerank=False)) as assistant:
        retriever = assistant.retriever
        assert isinstance(retriever, HybridRetriever)
        return np.array(
            [_rank(retriever, text, page_of(gold)) for text, gold in zip(task.questions, task.gold, strict=True)]
        )


def _rank(retriever: HybridRetriever, text: str, page: str) -> float:
    lang = detect_lang(text)
    question = Question(text=text, lang=lang, terms=open_lexicon().terms(text, lang=lang))
    hits = retriever.gathered(question, k=TOP).hits
    pages = list(dict.fromkeys(hit.chunk_id.partition("@")[0] for hit in hits))
    return float(pages.index(page) + 1) if page in pages else math.inf


def row_of(found: NDArray[np.float64]) -> str:
    """Return the four measures in per cent, the first with its interval."""
    values = {
        "recall@1": found <= 1,
        "recall@10": found <= TOP,
        "MRR": 1.0 / found,
        "nDCG@10": np.where(found <= TOP, 1.0 / np.log2(found + 1.0), 0.0),
    }
    rng = np.random.default_rng(SEED)
    hits = values["recall@1"].astype(float)
    means = [hits[rng.integers(len(hits), size=len(hits))].mean() for _ in range(RESAMPLES)]
    low, high = np.percentile(means, [2.5, 97.5])
    first, *others = (f"{100 * np.mean(row):.1f}" for row in values.values())
    return " | ".join([f"{first} ({100 * low:.1f}-{100 * high:.1f})", *others])


def rows(names: Sequence[str], data: Path) -> Iterator[str]:
    """Yield a line for each set and system."""
    built: dict[tuple[str, ...], Settings] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            task = TASKS[name](data)
            key = tuple(sorted(set(task.texts)))
            settings = built.setdefault(key, Settings(index=Path(folder) / f"index{len(built)}"))
            if not settings.index.exists():
                _index(task.texts, settings)
            for system, switches in SYSTEMS.items():
                measured = row_of(ranks(task, settings, switches))
                yield f"| {name} | {system} | {measured} | {PROTOTYPE.get((name, system), '')} |"


def _index(texts: Sequence[str], settings: Settings) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lines = (json.dumps({"id": page_of(text), "text": text}, ensure_ascii=False) for text in dict.fromkeys(texts))
        (Path(folder) / "texts.jsonl").write_text("\n".join(lines), "utf-8")
        sync_index(settings, [Path(folder)], progress=lambda _: None)


def main(names: Sequence[str]) -> None:
    """Measure the sets and, where all are measured, write the table."""
    head = "| set | system | recall@1 | recall@10 | MRR | nDCG@10 | prototype |\n|---|---|---:|---:|---:|---:|---:|"
    lines = []
    for line in rows(names or list(TASKS), Path(os.environ["HUWEN_DATA"])):
        lines.append(line)
        print(line, flush=True)
    if not names:
        command = "Command: `HUWEN_DATA=… python bench/cross_language.py`. In per cent, 95 % intervals in brackets."
        write_section(NAME, f"## Words, vectors and the lexicon\n\n{command}\n\n{head}\n" + "\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1:])
