"""When a draft is written once more, and when not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rag.errors import BackendError
from tests.answer_llm.drafting import ALSO, GOOD, LIE, Scripted, ScriptedLLM, answerer

if TYPE_CHECKING:
    from rag.types import Passage, Question


def test_a_draft_of_which_nothing_holds_is_written_once_more_with_the_reasons(
    question: Question, passages: tuple[Passage, ...]
) -> None:
    asked = answerer(Scripted([LIE]), Scripted([GOOD]))
    answer = asked.answer(question, passages, emit=lambda _: None)
    assert answer.text == GOOD.replace("[1]", " [1]")
    assert isinstance(asked.llm, ScriptedLLM)
    assert [turn.role for turn in asked.llm.seen[1]] == ["system", "user", "assistant", "user"]
    assert "figure_not_in_source: 51.2%" in asked.llm.seen[1][-1].content


def test_a_second_draft_that_does_not_hold_either_is_the_last(
    question: Question, passages: tuple[Passage, ...]
) -> None:
    asked = answerer(Scripted([LIE]), Scripted([LIE]), Scripted([GOOD]))
    assert asked.answer(question, passages, emit=lambda _: None).reason == "unsupported"
    assert isinstance(asked.llm, ScriptedLLM)
    assert len(asked.llm.seen) == 2


def test_no_second_draft_follows_a_sentence_that_was_passed_on_or_a_refusal(
    question: Question, passages: tuple[Passage, ...]
) -> None:
    for first in (f"{GOOD}{LIE}", "REFUSE: weak_evidence"):
        asked = answerer(Scripted([first]), Scripted([ALSO]))
        asked.answer(question, passages, emit=lambda _: None)
        assert isinstance(asked.llm, ScriptedLLM)
        assert len(asked.llm.seen) == 1


def test_a_second_draft_that_fails_leaves_the_first_one_refused(
    question: Question, passages: tuple[Passage, ...]
) -> None:
    asked = answerer(Scripted([LIE]), Scripted([BackendError("gone")]))
    answer = asked.answer(question, passages, emit=lambda _: None)
    assert (answer.status, answer.reason) == ("refused", "unsupported")


def test_no_second_draft_begins_after_the_deadline(question: Question, passages: tuple[Passage, ...]) -> None:
    asked = replace(answerer(Scripted([LIE]), Scripted([GOOD])), deadline_s=0.0)
    assert asked.answer(question, passages, emit=lambda _: None).reason == "unsupported"
