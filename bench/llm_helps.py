"""What a model's help is worth to the search: `python bench/llm_helps.py [CORPUS] [--index DIR]`.

No model is at hand where this runs, so its replies are written down: `bench/keys/helps.jsonl` holds translations, parts and
imagined answers of 40 development questions, written by hand from the questions alone, as a good model would; `completed` in
`eval/qa/followups.jsonl` holds follow-ups in full. A second, bad model replies with those of another question. Printed for each
help, the good and the bad model: the share of key points in the first five passages and in all eight, the recall of gold pages
in the first five, and how many questions gained and lost key points in the eight, against the search without help.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eval.metrics.ranking import page_recall
from eval.normalise import contains, normalise
from eval.outside import Said
from eval.questions import load_questions
from eval.result import Passage
from prompts.load import load_prompt
from rag.assembly import open_assistant, sync_index
from rag.config import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.questions import Question
    from rag.answer.assistant import Assistant
    from rag.answer.llm.queries import Help
    from rag.types import Lang, Turn

HERE = Path(__file__).resolve().parent
QA = HERE.parent / "eval" / "qa"
HELPS: tuple[Help, ...] = ("condense", "split", "translate", "imagine")
LANGS: tuple[Lang, ...] = ("zh", "en")
FIRST = 5
ROW = "{:<28}{:>9}{:>9}{:>10}{:>8}{:>7}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A language model whose replies were written down, by help and question; to others it has nothing to say."""

    replies: Mapping[tuple[Help, str], str]
    name: str = "written"

    def stream(self, messages: Sequence[Turn], *, within_s: float | None = None) -> Said:  # noqa: ARG002
        """Return the reply to what the last message asks for."""
        asked = messages[-1].content
        question = asked.rpartition("\n")[2].removeprefix("问题：").removeprefix("Question: ")
        helps = [help_ for help_ in HELPS if asked.startswith(tuple(opening(help_, lang) for lang in LANGS))]
        return Said(text=self.replies.get((helps[0], question), "") if helps else "REFUSE: no_evidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the search found of one question: shares of its key points in the first five and in all, recall of pages."""

    first: float
    all: float
    recall: float


def opening(help_: Help, lang: Lang) -> str:
    """Return how a prompt for a help begins."""
    return load_prompt("queries", lang=lang).sections[help_].partition("\n")[0].partition("{{")[0]


def main(corpus: Path, index: Path) -> None:
    """Search with every help, and print the table."""
    sync_index(Settings(index=index), [corpus], progress=lambda _: None)
    written: dict[str, dict[str, str | list[str]]] = {}
    helped: dict[Help, tuple[list[Question], list[str]]] = {}
    for line in (HERE / "keys" / "helps.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        written[row["id"]] = row
    asked = {row.id: row for row in load_questions([QA / "corpus.jsonl"]).questions if row.id in written}
    followed = {row.id: row for row in load_questions([QA / "followups.jsonl"]).questions}
    assert all(row.split == "dev" for row in asked.values())
    for help_ in HELPS:
        chosen = followed if help_ == "condense" else asked
        helped[help_] = (list(chosen.values()), [reply(help_, row, written.get(row.id, {})) for row in chosen.values()])
    print(ROW.format("", "first 5", "all 8", "recall@5", "gained", "lost"))
    for help_, (rows, replies) in helped.items():
        plain = searched(index, rows, Written(replies={}), ())
        show(f"{help_}: {len(rows)} without", plain, plain)
        for name, shift in (("good", 0), ("bad", 1)):
            model = Written(
                replies={
                    (help_, " ".join(row.question.split())): replies[(at + shift) % len(rows)]
                    for at, row in enumerate(rows)
                    if replies[at]
                }
            )
            show(f"  {help_}, a {name} model", searched(index, rows, model, (help_,)), plain)


def reply(help_: Help, row: Question, written: Mapping[str, str | list[str]]) -> str:
    """Return what was written down for a question, nothing where there is nothing to part."""
    if help_ == "condense":
        return str((row.model_extra or {})["completed"])
    held = written.get(help_, "")
    return held if isinstance(held, str) else "\n".join(held)


def searched(index: Path, rows: Sequence[Question], model: Written, helps: Sequence[Help]) -> list[Found]:
    """Return what the search finds of each question."""
    with open_assistant(Settings(index=index, llm_helps=tuple(helps)), llm=model) as assistant:
        return [found(row, assistant) for row in rows]


def found(row: Question, assistant: Assistant) -> Found:
    """Search for one question."""
    question = assistant.asked(row.question, as_of=row.as_of, history=row.turns())
    hits = assistant.retriever.retrieve(question, k=assistant.passages)
    passages = [
        Passage(rank=hit.rank, article_id=hit.article_id, page_id=hit.page_id, also=hit.also, text=hit.text)
        for hit in hits
    ]
    texts = [normalise(hit.text) for hit in hits]
    return Found(
        first=share(row, texts[:FIRST]),
        all=share(row, texts),
        recall=page_recall(passages, gold=row.gold, k=FIRST) or 0.0,
    )


def share(row: Question, texts: Sequence[str]) -> float:
    """Return the share of a question's key points that stand in the texts."""
    held = [any(contains(text, form=form) for text in texts for form in point) for point in row.key_points]
    return sum(held) / len(held)


def show(what: str, rows: Sequence[Found], plain: Sequence[Found]) -> None:
    """Print one line."""
    means = [
        100 * sum(values) / len(rows)
        for values in zip(*((one.first, one.all, one.recall) for one in rows), strict=True)
    ]
    gained = sum(now.all > before.all for now, before in zip(rows, plain, strict=True))
    lost = sum(now.all < before.all for now, before in zip(rows, plain, strict=True))
    print(ROW.format(what, *(f"{mean:.1f}" for mean in means), gained, lost))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="?", default=os.environ.get("HUWEN_CORPUS"))
    parser.add_argument("--index", type=Path)
    arguments = parser.parse_args()
    if arguments.corpus is None:
        print("no documents: name a folder, or set HUWEN_CORPUS")
        sys.exit(0)
    with tempfile.TemporaryDirectory() as folder:
        main(Path(arguments.corpus), arguments.index or Path(folder) / "index")
