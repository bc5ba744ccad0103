"""How often retrieval finds the right paragraph among 8,000: public question sets through the whole pipeline.

    HUWEN_DATA=… python bench/retrieval_pool.py [SET...]

The pool is that of `bench/embeddings_retrieval.py`: every Chinese paragraph of the four question sets and pieces of news,
in a shuffled order, without titles. CMRC trial is the set to tune on; CMRC dev and XQuAD are tests. Writes its table into
`docs/results.md`.
"""

from __future__ import annotations

import gzip
import json
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from embeddings.train import records
from rag.assembly import open_assistant, sync_index
from rag.config import Settings
from rag.text.language import detect_lang
from rag.types import Question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.answer.assistant import Assistant

from embeddings_retrieval import SETS, pool_texts
from eval_baselines import write_section

NAME = "retrieval_pool"
ASKED = {
    "CMRC trial": ("cmrc2018_trial", "cmrc2018_trial"),
    "CMRC dev": ("cmrc2018_dev", "cmrc2018_dev"),
    "XQuAD zh": ("xquad_zh", "xquad_zh"),
    "XQuAD en -> zh": ("xquad_en", "xquad_zh"),
}
TOP = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, the page that answers it, and its answers as the set gives them."""

    question: Question
    page: str
    answers: tuple[str, ...]


def write_pool(data: Path, folder: Path) -> None:
    """Write the pool as one export."""
    texts = pool_texts(data, [text for name in SETS for text in records.question_set(data, name).paragraphs])
    rows = (json.dumps({"id": page_of(text), "text": text}, ensure_ascii=False) for text in texts)
    (folder / "pool.jsonl").write_text("\n".join(rows), "utf-8")


def page_of(text: str) -> str:
    """Return the page id of a paragraph: drawn from its text, so that it says nothing about its set."""
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:16]


def asked(data: Path, *, questions: str, paragraphs: str) -> list[Asked]:
    """Return the questions of one set with the pages of the set that holds their paragraphs."""
    texts = {row["id"]: row["text"] for row in _rows(data, f"{paragraphs}.paras")}
    return [
        Asked(
            question=Question(text=row["q"], lang=detect_lang(row["q"])),
            page=page_of(texts[row["pid"]]),
            answers=tuple(row["answers"]),
        )
        for row in _rows(data, f"{questions}.qs")
    ]


def pool_index(data: Path, index: Path) -> Settings:
    """Return the settings of the index of the pool, built where it is not there."""
    settings = Settings(index=index)
    with tempfile.TemporaryDirectory() as folder:
        write_pool(data, Path(folder))
        sync_index(settings, [Path(folder)], progress=lambda _: None)
    return settings


def ranks(assistant: Assistant, questions: Sequence[Asked]) -> tuple[list[int], list[float]]:
    """Return the rank of the right page for each question, 0 where it is not found, and the milliseconds of each."""
    found, timings = [], []
    for row in questions:
        started = time.perf_counter()
        passages = assistant.retriever.retrieve(assistant.asked(row.question.text), k=TOP)
        timings.append(1000 * (time.perf_counter() - started))
        pages = list(dict.fromkeys(page for passage in passages for page in (passage.page_id, *passage.also)))
        found.append(pages.index(row.page) + 1 if row.page in pages else 0)
    return found, timings


def main(names: Sequence[str]) -> None:
    """Measure the sets and write the table."""
    data = Path(os.environ["HUWEN_DATA"])
    lines = ["| set | questions | recall@1 | recall@10 | median ms |", "|---|---:|---:|---:|---:|"]
    with tempfile.TemporaryDirectory() as folder:
        settings = pool_index(data, Path(os.environ.get("HUWEN_POOL", f"{folder}/index")))
        with open_assistant(settings) as assistant:
            for name in names or ASKED:
                questions, paragraphs = ASKED[name]
                places, timings = ranks(assistant, asked(data, questions=questions, paragraphs=paragraphs))
                shares = [100 * sum(0 < place <= top for place in places) / len(places) for top in (1, TOP)]
                middle = statistics.median(timings)
                lines.append(f"| {name} | {len(places)} | {shares[0]:.1f} | {shares[1]:.1f} | {middle:.1f} |")
                print(lines[-1], flush=True)
    if not names:
        head = (
            "## Public questions among 8,000 paragraphs\n\nCommand: `HUWEN_DATA=… python bench/retrieval_pool.py`.\n\n"
        )
        write_section(NAME, head + "\n".join(lines))


def _rows(data: Path, name: str) -> list[dict[str, str]]:
    with gzip.open(data / "qa" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


if __name__ == "__main__":
    if "HUWEN_DATA" not in os.environ:
        sys.exit("retrieval_pool: skipped, `HUWEN_DATA` names no folder of public data sets")
    main(sys.argv[1:])
