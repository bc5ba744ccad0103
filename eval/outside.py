"""Prompts out, answers in: the two halves of letting something else answer a question set."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.offline import REFUSAL, is_refusal, outside_result, prompt_row
from eval.run import run_with, score_result
from rag.contract import answer_json
from rag.errors import BackendError, HarnessError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from eval.assistant import Assistant
    from eval.offline import OutsideAnswer
    from eval.questions import Question, QuestionSet
    from eval.records import Item
    from eval.run import Progress, RunSummary
    from rag.contract import Json
    from rag.types import Turn, Usage

NOTHING = "REFUSE: no_evidence"


DECLINED = "REFUSE: weak_evidence"
# The rules and the question; a second draft is asked for with more turns.
FIRST_DRAFT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A completion whose text was there before."""

    text: str
    usage: Usage | None = None

    def __iter__(self) -> Iterator[str]:
        yield self.text

    def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptOnly:
    """A language model that answers nothing, so that an answer's `prompt` can be had without one."""

    name: str = "prompt-only"

    def stream(self, messages: Sequence[Turn], *, within_s: float | None = None) -> Said:  # noqa: ARG002
        """Return a refusal."""
        return Said(text=NOTHING)


@dataclass(slots=True, kw_only=True)
class Elsewhere:
    """A language model whose next answer was made elsewhere, so that it goes the way of any model's. Writes no second draft."""

    name: str
    answer: OutsideAnswer | None = None

    def stream(self, messages: Sequence[Turn], *, within_s: float | None = None) -> Said:  # noqa: ARG002
        """Return the answer."""
        if self.answer is None or len(messages) > FIRST_DRAFT:
            raise BackendError(f"`{self.name}` holds one answer to a question")
        said = self.answer.answer
        is_formless = is_refusal(self.answer) and REFUSAL.match(said) is None
        return Said(text=DECLINED if is_formless else said)


def write_prompts(questions: QuestionSet, *, assistant: Assistant, out: Path) -> int:
    """Write one line a question, `{"id", "messages", "passages"}`, and return how many; `assistant` keeps its prompts."""
    newest = assistant.status().newest
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", encoding="utf-8") as file:
        for row in questions.questions:
            day = newest if row.as_of is None else row.as_of
            answer = assistant.ask(row.question, as_of=day, history=row.turns())
            file.write(json.dumps(prompt_row(row.id, answer), ensure_ascii=False) + "\n")
    return len(questions.questions)


def score_outside(
    questions: QuestionSet,
    answers: Mapping[str, OutsideAnswer],
    *,
    assistant: Assistant,
    out: Path,
    name: str,
    settings: Mapping[str, Json],
    model: Elsewhere | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> RunSummary:
    """Score answers made elsewhere as a run; a question without an answer is recorded as failed.

    They are scored as they stand, or, where the `assistant` answers with `model`, as what the checks leave of them.
    """

    def scored(question: Question, as_of: date | None) -> Item:
        if question.id not in answers:
            raise HarnessError(f"`{name}` has no answer to `{question.id}`")
        given = answers[question.id]
        if model is not None:
            model.answer = given
        day = as_of if question.as_of is None else question.as_of
        own = assistant.ask(question.question, as_of=day, history=question.turns())
        result = answer_json(own)
        if model is None:
            result = outside_result(given, asked=result, passages=own.passages, name=f"outside:{name}")
        return score_result(question, result, assistant=assistant)

    return run_with(
        scored,
        questions=questions,
        assistant=assistant,
        out=out,
        settings=settings,
        llm=f"outside:{name}" if model is None else assistant.llm,
        progress=progress,
    )
