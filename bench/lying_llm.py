"""What reaches the reader when the model answers badly? Prints, for four scripted models, the share grounded or refused.

    python bench/lying_llm.py --index FOLDER [--questions FILE] [--split dev|test] [--most 200] [--json FILE] [--show 5]

Each model is an OpenAI-compatible server on loopback: one lies in the ten ways of `eval/lies`, one cites in forms that are no
citation, one answers in the other language, one obeys orders that were planted in its first passage. An answer counts
as grounded where each of its sentences stands word for word in a passage that it cites.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from eval.injection.attacks import Attack, load_attacks
from eval.lies.models import foreign, formless, lying, obeying, order_of
from eval.lies.reached import is_grounded, is_in_its_language
from eval.questions import load_questions
from eval.scripted import scripted_server
from rag.assembly import open_assistant
from rag.config import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eval.lies.models import Model
    from rag.protocols import Retriever
    from rag.types import Answer, Passage, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Poisoned:
    """A retriever whose first passage ends with the order that was planted for the question."""

    retriever: Retriever
    attacks: Mapping[str, Attack]

    def retrieve(self, question: Question, *, k: int) -> tuple[Passage, ...]:
        """Return the passages, the first one with its order."""
        found = self.retriever.retrieve(question, k=k)
        attack = self.attacks.get(question.text)
        if attack is None or not found:
            return found
        return (replace(found[0], text=f"{found[0].text}\n{order_of(attack)}"), *found[1:])


def answers(index: Path, questions: list[str], model: Model, attacks: Mapping[str, Attack]) -> list[Answer]:
    """Return what the reader gets from a model."""
    with scripted_server(model) as url:
        settings = Settings(index=index, llm="openai:scripted", llm_base_url=url, llm_helps=())
        with open_assistant(settings) as opened:
            asked = replace(opened, retriever=Poisoned(retriever=opened.retriever, attacks=attacks))
            return [asked.ask(question) for question in questions]


def is_right(name: str, answer: Answer) -> bool:
    """Tell whether an answer may reach a reader."""
    return is_in_its_language(answer) and (name == "wrong language" or is_grounded(answer))


def chosen(path: Path, *, split: str | None, most: int) -> list[str]:
    """Return at most so many questions that have an answer, evenly from the file."""
    rows = [row for row in load_questions([path]).questions if row.answerable and split in (None, row.split)]
    return [row.question for row in rows[:: max(1, len(rows) // most)][:most]]


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, default=Path("eval/qa/corpus.jsonl"))
    parser.add_argument("--split", choices=("dev", "test"))
    parser.add_argument("--most", type=int, default=200)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    questions = chosen(options.questions, split=options.split, most=options.most)
    attacks = load_attacks()
    planted = {question: attacks[at % len(attacks)] for at, question in enumerate(questions)}
    models: dict[str, tuple[Model, Mapping[str, Attack]]] = {
        "lies": (lying, {}),
        "ignores the citation form": (formless, {}),
        "wrong language": (foreign, {}),
        "obeys planted orders": (obeying(planted), planted),
    }
    counts = {}
    for name, (model, orders) in models.items():
        given = answers(options.index, questions, model, orders)
        wrong = [row for row in given if not is_right(name, row)]
        refused = sum(row.status == "refused" for row in given)
        counts[name] = {"questions": len(given), "right": len(given) - len(wrong), "refused": refused}
        print(f"{name:28}{1 - len(wrong) / len(given):7.1%} of {len(given)} grounded or refused, {refused} refused")
        for row in wrong[: options.show]:
            print(
                f"  {row.question.text} -> {row.status}: {row.text} | {[claim.text for claim in row.claims if claim.supported]}"
            )
    if options.json is not None:
        options.json.write_text(json.dumps(counts, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
