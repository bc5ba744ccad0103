"""What slips and other scripts cost the search: `python bench/retrieval_robustness.py CORPUS QUESTIONS [--index DIR]`.

Takes 100 Chinese development questions with an answer, drawn with a fixed seed, and searches for them as they are, in
traditional characters, in full-width forms, and with one slip: a character that sounds the same, or any other common one,
in place of a random one of the question's content words. Prints recall of gold pages among the first five passages, and
for the scripts how many questions keep their first five pages.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from eval.metrics.ranking import page_recall
from eval.questions import load_questions
from eval.result import Passage
from rag.assembly import open_assistant, sync_index
from rag.config import Settings
from rag.retrieve.homophones import homophones
from rag.retrieve.query import content_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from eval.questions import Question
    from rag.answer.assistant import Assistant

SEED, QUESTIONS, DRAWS, TOP = 20251125, 100, 3, 5
TABLE = Path(__file__).resolve().parent.parent / "rag" / "text" / "simplified.txt"
HAN = re.compile("[\u4e00-\u9fff]")


def traditional(text: str) -> str:
    """Return a text in traditional characters, the first that folds to each."""
    lines = [row for row in TABLE.read_text("utf-8").splitlines() if not row.startswith("#")]
    table = {row[1]: row[0] for row in reversed(lines) if "\u4e00" <= row[0] <= "\u9fff"}
    return "".join(table.get(char, char) for char in text)


def full_width(text: str) -> str:
    """Return a text with its ASCII in full-width forms."""
    return "".join(
        chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else "\u3000" if char == " " else char for char in text
    )


def slip(text: str, *, draw: random.Random, instead: Callable[[str], Sequence[str]]) -> str:
    """Return a text with one Han character of a content word replaced; itself where nothing can be."""
    bare = content_words(text, lang="zh")
    wanted = Counter(HAN.findall(bare))
    places = [at for at, char in enumerate(text) if wanted[char] and instead(char)]
    if not places:
        return text
    at = draw.choice(places)
    return text[:at] + draw.choice(instead(text[at])) + text[at + 1 :]


def common(questions: Sequence[Question]) -> list[str]:
    """Return the Han characters of all questions, each once."""
    return sorted({char for row in questions for char in HAN.findall(row.question)})


def pages(assistant: Assistant, text: str, row: Question) -> tuple[list[str], float]:
    """Return the pages of the first five passages and the recall of the gold ones."""
    question = assistant.asked(text, as_of=row.as_of)
    found = assistant.retriever.retrieve(question, k=TOP)
    passages = [
        Passage(rank=hit.rank, article_id=hit.article_id, page_id=hit.page_id, also=hit.also, text=hit.text)
        for hit in found
    ]
    return sorted({hit.page_id for hit in found}), page_recall(passages, gold=row.gold, k=TOP) or 0.0


def main(corpus: Path, questions: Path, index: Path) -> None:
    """Search in every form and print the table."""
    rows = [
        row
        for row in load_questions([questions]).questions
        if row.answerable and row.gold and row.lang == "zh" and row.split == "dev" and not row.history
    ]
    letters = common(rows)
    rows = sorted(random.Random(SEED).sample(rows, min(QUESTIONS, len(rows))), key=lambda row: row.id)  # noqa: S311
    settings = Settings(index=index)
    sync_index(settings, [corpus], progress=lambda _: None)
    with open_assistant(settings) as assistant:
        plain = [pages(assistant, row.question, row) for row in rows]
        print(f"as they are   recall@5 {_mean([share for _, share in plain]):.1f}  ({len(rows)} questions)")
        for name, turned in (("traditional", traditional), ("full width", full_width)):
            found = [pages(assistant, turned(row.question), row) for row in rows]
            same = sum(one[0] == other[0] for one, other in zip(plain, found, strict=True))
            recall = _mean([share for _, share in found])
            print(f"{name:13} recall@5 {recall:.1f}  the same first five pages: {same} of {len(rows)}")
        for name, instead in (
            ("sounds alike", homophones),
            ("any other", lambda char: [x for x in letters if x != char]),
        ):
            draw = random.Random(SEED)  # noqa: S311
            slips = [(slip(row.question, draw=draw, instead=instead), row) for _ in range(DRAWS) for row in rows]
            recall = _mean([pages(assistant, text, row)[1] for text, row in slips])
            print(f"{name:13} recall@5 {recall:.1f}  ({DRAWS} slips a question)")


def _mean(shares: Sequence[float]) -> float:
    return 100 * sum(shares) / len(shares)


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
