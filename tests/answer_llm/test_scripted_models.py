"""Models that lie, ignore the form of citations or write in the wrong language: what reaches the reader is grounded or refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from eval.lies.models import FORMS, asked_question, foreign, formless, lying, shown_passages
from eval.lies.reached import is_grounded, is_in_its_language
from eval.questions import load_questions
from eval.scripted import scripted_server
from rag.assembly import open_assistant
from rag.config import Settings

if TYPE_CHECKING:
    from eval.lies.models import Model
    from rag.types import Answer

QUESTIONS = Path(__file__).resolve().parents[2] / "samples" / "questions.jsonl"
EVERY = 3


def given(index: Path, model: Model, *, most: int = 20) -> list[Answer]:
    rows = [row.question for row in load_questions([QUESTIONS]).questions if row.answerable][::EVERY][:most]
    with (
        scripted_server(model) as url,
        open_assistant(Settings(index=index, llm="openai:scripted", llm_base_url=url, llm_helps=())) as assistant,
    ):
        return [assistant.ask(row) for row in rows]


def test_no_lie_of_a_lying_model_reaches_the_reader_and_its_truths_do(sample_index: Path) -> None:
    answers = given(sample_index, lying)
    # One may cite a passage in the other language that holds counterparts of its words by chance.
    assert sum(not is_grounded(row) for row in answers) <= 1
    assert sum(row.status == "answered" for row in answers) >= len(answers) // 2


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_is_no_citation_leaves_no_trace(
    sample_index: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eval.lies.models.FORMS", (form,))
    answers = given(sample_index, formless, most=4)
    assert [row.text for row in answers if not is_grounded(row)] == []


def test_an_answer_in_the_other_language_is_refused(sample_index: Path) -> None:
    answers = given(sample_index, foreign)
    assert [row.text for row in answers if not is_in_its_language(row)] == []


def test_a_number_in_two_brackets_is_a_citation(sample_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.lies.models.FORMS", ("{text}[[{number}]]",))
    assert "answered" in {row.status for row in given(sample_index, formless, most=4)}


def test_a_prompt_is_read_back_as_its_passages_and_its_question(sample_index: Path) -> None:
    seen: list[str] = []

    def model(prompt: str) -> str:
        seen.append(prompt)
        return "REFUSE: no_evidence"

    given(sample_index, model, most=4)
    assert all(shown_passages(prompt) and asked_question(prompt) for prompt in seen)
    assert {row.text for row in shown_passages(seen[0])}
