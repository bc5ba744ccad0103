"""The quoted answers pass the check that a model's sentences are held to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from eval.questions import load_questions
from rag.answer.grounding import ground_claim

if TYPE_CHECKING:
    from rag.answer.assistant import Assistant

QUESTIONS = Path(__file__).resolve().parents[2] / "samples" / "questions.jsonl"


def test_every_sentence_of_a_quoted_answer_is_supported_by_what_it_cites(assistant: Assistant) -> None:
    found, wrong = 0, []
    for row in load_questions([QUESTIONS]).questions:
        answer = assistant.ask(row.question)
        labelled = {passage.label: passage for passage in answer.passages if passage.label is not None}
        for claim in answer.claims:
            problems = ground_claim(claim.text, [labelled[label] for label in claim.labels]).problems
            found += 1
            wrong += [(row.id, claim.text, problems)] if problems else []
    assert found >= 30
    assert wrong == []
