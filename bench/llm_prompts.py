"""What the prompts of real questions hold: `python bench/llm_prompts.py [CORPUS QUESTIONS] [--index DIR] [--out FILE]`.

Writes the prompts of 60 development questions, spread evenly over the set, as `huwen eval prompts` does, and reads them
back from the file. Prints how many key points the search found, that each of them stands in the prompt, that every passage
in it is a whole stretch of its article from one border of sentences to another, and the tokens of a prompt: all of it, and
the fixed part that servers can cache. A sentence that alone is larger than a chunk may be parted between its clauses; such
passages are counted apart. Exits 1 where a key point is lost or a sentence is cut otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eval.normalise import contains, normalise
from eval.outside import PromptOnly, write_prompts
from eval.questions import QuestionSet, load_questions
from rag.assembly import open_assistant, sync_index
from rag.config import Settings
from rag.ingest.chunk import MAX_CHARS
from rag.text.budget import open_token_counter
from rag.text.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.questions import Question
    from rag.answer.assistant import Assistant
    from rag.types import Passage

QUESTIONS = 60
HERE = Path(__file__).resolve().parent.parent
FENCED = re.compile(r"^<<<(\w+) \[(\d+)\]\n.*\n.*\n.*\n((?s:.*?))\n\[\2\] \1>>>$", re.MULTILINE)
# What may stand before the first or at the end of the last sentence of a passage.
ENDS = re.compile(r"(?:[。！？；!?;.…:：][”’」』）)\]\"]*\s*|\n\s*)$")
CLAUSE_ENDS = re.compile(r"[，,、；;：:]\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One prompt: key points of the question, those that the search found, those in the prompt, passages cut, tokens.

    `parted` are passages with a part of a sentence that is larger than a chunk.
    """

    points: int
    found: int
    kept: int
    passages: int
    shown: int
    parted: int
    cut: tuple[str, ...]
    tokens: int
    fixed: int


def spread(questions: Sequence[Question]) -> tuple[Question, ...]:
    """Return 60 development questions with key points, at even distances."""
    rows = [row for row in questions if row.split == "dev" and row.key_points]
    return tuple(rows[number * len(rows) // QUESTIONS] for number in range(min(QUESTIONS, len(rows))))


def holds(texts: Sequence[str], point: Sequence[str]) -> bool:
    """Tell whether one of the texts has one of a point's forms."""
    return any(contains(text, form=form) for text in texts for form in point)


def cuts(assistant: Assistant, passage: Passage) -> tuple[int, ...]:
    """Return where a passage begins or ends inside a sentence of its article; the passage's start where it is not verbatim."""
    text = assistant.article(passage.article_id).text
    start, end = passage.start, passage.start + len(passage.text)
    if text[start:end] != passage.text:
        return (start,)
    return tuple(
        at
        for at in (start, end)
        if text[:at].strip() and text[at:].strip() and ENDS.search(text[:at]) is None and not text[at:].startswith("\n")
    )


def is_between_clauses(assistant: Assistant, passage: Passage, at: int) -> bool:
    """Tell whether a place lies between clauses of a sentence that is larger than a chunk may be."""
    text = assistant.article(passage.article_id).text
    whole = next((row for row in sentence_spans(text) if row.start < at < row.end), None)
    if whole is None or CLAUSE_ENDS.search(text[:at]) is None:
        return False
    sentence = text[whole.start : whole.end]
    return len(sentence) > MAX_CHARS or open_token_counter().count(sentence) > Settings().chunk_tokens


def torn(shown: Sequence[str], found: Sequence[Passage], assistant: Assistant) -> tuple[tuple[str, ...], int]:
    """Return the texts in a prompt that begin or end inside a sentence, and how many hold a part of one too large."""
    by_text = {passage.text: passage for passage in found}
    cut, parted = [text for text in shown if text not in by_text], 0
    for passage in (by_text[text] for text in shown if text in by_text):
        places = cuts(assistant, passage)
        if places and all(is_between_clauses(assistant, passage, at) for at in places):
            parted += 1
        elif places:
            cut.append(passage.text)
    return tuple(cut), parted


def checked(row: Question, prompt: Sequence[dict[str, str]], assistant: Assistant) -> Checked:
    """Compare a prompt with what the search finds for its question."""
    count = open_token_counter().count
    asked = assistant.asked(row.question, as_of=row.as_of, history=row.turns())
    found = assistant.retriever.retrieve(asked, k=assistant.passages)
    shown = [text for _, _, text in FENCED.findall(prompt[-1]["content"])]
    whole, given = [normalise(one.text) for one in found], [normalise(text) for text in shown]
    retrieved = [point for point in row.key_points if holds(whole, point)]
    cut, parted = torn(shown, found, assistant)
    return Checked(
        points=len(row.key_points),
        found=len(retrieved),
        kept=sum(holds(given, point) for point in retrieved),
        passages=len(found),
        shown=len(shown),
        parted=parted,
        cut=cut,
        tokens=sum(count(turn["content"]) for turn in prompt),
        fixed=count(prompt[0]["content"]),
    )


def main(corpus: Path, questions: Path, index: Path, out: Path) -> int:
    """Write, check and print."""
    settings = Settings(index=index)
    sync_index(settings, [corpus], progress=lambda _: None)
    rows = spread(load_questions([questions]).questions)
    with open_assistant(settings, llm=PromptOnly()) as assistant:
        write_prompts(QuestionSet(name="spread", questions=rows, bad=(), files=()), assistant=assistant, out=out)
        prompts = {line["id"]: line["messages"] for line in map(json.loads, out.read_text("utf-8").splitlines())}
        results = {row.id: checked(row, prompts[row.id], assistant) for row in rows}
    total = list(results.values())
    tokens = sorted(one.tokens for one in total)
    points, found, kept = (sum(getattr(one, name) for one in total) for name in ("points", "found", "kept"))
    passages, shown = sum(one.passages for one in total), sum(one.shown for one in total)
    cut = [(key, text) for key, one in results.items() for text in one.cut]
    print(f"{len(rows)} development questions, prompts in {out}")
    print(f"key points: {points}; found by the search {found}; of these in the prompt {kept}")
    print(
        f"passages: {passages} found, {shown} in the prompts, {len(cut)} of them cut inside a sentence, "
        f"{sum(one.parted for one in total)} with a part of a sentence larger than a chunk"
    )
    print(
        f"tokens a prompt: mean {statistics.mean(tokens):.0f}, p95 {tokens[int(0.95 * (len(tokens) - 1))]}, "
        f"most {tokens[-1]}; the fixed part {sorted({one.fixed for one in total})}"
    )
    for key, one in results.items():
        if one.kept < one.found:
            print(f"  {key}: {one.found - one.kept} key points are lost on the way into the prompt")
    for key, text in cut:
        print(f"  {key}: {text[:30]!r} … {text[-30:]!r}")
    return int(kept < found or bool(cut))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="?", default=os.environ.get("HUWEN_CORPUS"))
    parser.add_argument("questions", type=Path, nargs="?", default=HERE / "eval" / "qa" / "corpus.jsonl")
    parser.add_argument("--index", type=Path)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    if arguments.corpus is None:
        print("no documents: name a folder, or set HUWEN_CORPUS")
        sys.exit(0)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        sys.exit(
            main(
                Path(arguments.corpus),
                arguments.questions,
                arguments.index or place / "index",
                arguments.out or place / "prompts.jsonl",
            )
        )
