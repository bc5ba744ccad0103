"""Does the answer stand in the first 1, 2, 3 sentences? The answerer's scores on the gold passage of each public question.

    HUWEN_DATA=… python bench/sentence_picking.py [SET...]

CMRC dev is a test: nothing is trained or chosen by it. A question counts when one of its answers stands in the best sentences
of its own paragraph, put back into the order of the text, so that an answer of several sentences needs all of them. Writes its
table into `docs/results.md`.
"""

from __future__ import annotations

import gzip
import json
import math
import os
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eval_baselines import write_section

from embeddings.open import open_embedder
from rag.answer.findings import look_up, lookup_of
from rag.answer.sheet import Reader
from rag.text.language import detect_lang
from rag.text.tokens import index_tokens
from rag.types import Passage, Question

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


NAME = "sentence_picking"
SHOWN = (1, 2, 3)
PROTOTYPE = {"cmrc2018_dev": "78.3 / 87.2 / 92.3"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Idf:
    """Inverse document frequencies (BM25's) of a set's paragraphs."""

    weights: Mapping[str, float]
    unseen: float

    def __call__(self, tokens: Sequence[str]) -> list[float]:
        """Return each token's, in order."""
        return [self.weights.get(token, self.unseen) for token in tokens]


def idf_of(texts: Sequence[str]) -> Idf:
    """Count the tokens of paragraphs."""
    counts = Counter(token for text in texts for token in set(index_tokens(text)))
    total = len(texts)
    weights = {token: math.log(1 + (total - count + 0.5) / (count + 0.5)) for token, count in counts.items()}
    return Idf(weights=weights, unseen=math.log(1 + (total + 0.5) / 0.5))


def passage_of(text: str, *, title: str) -> Passage:
    """Return a paragraph as the one passage of a search."""
    return Passage(
        rank=1,
        chunk_id="p@0",
        article_id="p",
        page_id="p",
        score=0.9,
        title=title,
        header=title,
        text=text,
        start=0,
        lang=detect_lang(text),
    )


def places(data: Path, name: str, *, reader: Reader) -> Iterator[int]:
    """Yield for each question how many of the best sentences hold an answer; 0 where the last of `SHOWN` are too few."""
    paragraphs = {row["id"]: row for row in _rows(data / "qa" / f"{name}.paras.jsonl.gz")}
    idf = idf_of([row["text"] for row in paragraphs.values()])
    for row in _rows(data / "qa" / f"{name}.qs.jsonl.gz"):
        held = paragraphs[row["pid"]]
        question = Question(text=row["q"], lang=detect_lang(row["q"]))
        sheet = reader.read([passage_of(held["text"], title=held.get("title") or "")])
        ranked = look_up(lookup_of(question, idf=idf, reader=reader), sheet).ranked
        firsts = (sorted(ranked[:count], key=lambda evidence: evidence.span.start) for count in SHOWN)
        texts = ("".join("".join(evidence.text.split()) for evidence in first) for first in firsts)
        answers = ["".join(answer.split()) for answer in row["answers"]]
        yield next((count for count, text in zip(SHOWN, texts, strict=True) if any(map(text.__contains__, answers))), 0)


def main(names: Sequence[str]) -> None:
    """Print a line for each set, and write the table where none is named."""
    data, reader = Path(os.environ["HUWEN_DATA"]), Reader(open_embedder("builtin"))
    lines = ["| set | questions | first 1 / 2 / 3 sentences | prototype |", "|---|---:|---:|---:|"]
    for name in names or ("cmrc2018_trial", "cmrc2018_dev"):
        found = list(places(data, name, reader=reader))
        shares = " / ".join(f"{100 * sum(0 < place <= top for place in found) / len(found):.1f}" for top in SHOWN)
        lines.append(f"| {name} | {len(found)} | {shares} | {PROTOTYPE.get(name, '')} |")
        print(lines[-1], flush=True)
    if not names:
        command = "Command: `HUWEN_DATA=… python bench/sentence_picking.py`. In per cent."
        write_section(NAME, f"## The answer in the first sentences\n\n{command}\n\n" + "\n".join(lines))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    main(sys.argv[1:])
