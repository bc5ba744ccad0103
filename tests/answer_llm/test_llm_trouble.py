"""What becomes of an answer when its model fails, breaks off or is no longer listened to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rag.answer.llm.failures import PromptTooLongError
from rag.errors import BackendError, ConfigError
from tests.answer_llm.drafting import GOOD, LIE, Scripted, ScriptedLLM, answered, answerer

if TYPE_CHECKING:
    from rag.types import Passage, Question


@pytest.mark.parametrize(
    "pieces",
    [[BackendError("`openai:scripted` is down")], ["半", BackendError("is down")], [LIE, BackendError("is down")]],
)
def test_a_failing_model_falls_back_to_quotes_and_says_so(
    question: Question, passages: tuple[Passage, ...], pieces: list[str | Exception]
) -> None:
    answer = answered(question, passages, *pieces)
    assert answer.status == "answered"
    assert answer.llm == "extractive"
    assert answer.text.startswith(passages[0].text)
    assert answer.notice is not None
    assert "is down" in answer.notice
    assert "摘自原文" in answer.notice


@pytest.mark.parametrize("pieces", [[], ["", " \n"]])
def test_an_empty_reply_is_a_failure(question: Question, passages: tuple[Passage, ...], pieces: list[str]) -> None:
    answer = answered(question, passages, *pieces)
    assert answer.llm == "extractive"
    assert answer.notice is not None
    assert "empty answer" in answer.notice


def test_a_model_that_breaks_off_keeps_what_held_and_says_so(question: Question, passages: tuple[Passage, ...]) -> None:
    answer = answered(question, passages, f"{GOOD}\n全市生产", BackendError("broke off"))
    assert answer.text == GOOD.replace("[1]", " [1]")
    assert answer.llm == "openai:scripted"
    assert answer.notice is not None
    assert "broke off" in answer.notice


def test_notices_are_in_the_question_s_language(question: Question, passages: tuple[Passage, ...]) -> None:
    answer = answered(replace(question, lang="en"), passages, BackendError("down"))
    assert answer.notice == (
        "The language model gave no answer (down); these sentences are quoted from the articles instead."
    )


def test_a_wrong_setting_is_not_hidden_by_the_fallback(question: Question, passages: tuple[Passage, ...]) -> None:
    with pytest.raises(ConfigError, match="refuses the key"):
        answered(question, passages, ConfigError("refuses the key"))


def test_a_prompt_that_is_too_long_is_halved_until_it_fits(question: Question, passages: tuple[Passage, ...]) -> None:
    too_long = Scripted([PromptTooLongError("too long")])
    asked = answerer(too_long, Scripted([GOOD]))
    answer = asked.answer(question, passages, emit=lambda _: None)
    assert answer.status == "answered"
    assert isinstance(asked.llm, ScriptedLLM)
    assert [sum(row.text in turns[1].content for row in passages) for turns in asked.llm.seen] == [3, 1]
    assert too_long.closed == 1


def test_a_prompt_that_never_fits_falls_back(question: Question, passages: tuple[Passage, ...]) -> None:
    answer = answered(question, passages, PromptTooLongError("too long"))
    assert answer.llm == "extractive"


def test_a_listener_who_leaves_closes_the_completion(question: Question, passages: tuple[Passage, ...]) -> None:
    completion = Scripted(["", "", GOOD])
    heard: list[str] = []

    def leave(piece: str) -> None:
        heard.append(piece)
        if len(heard) > 1:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        answerer(completion).answer(question, passages, emit=leave)
    assert completion.closed == 1


def test_no_model_is_asked_for_a_reader_who_left_during_the_search(
    question: Question, passages: tuple[Passage, ...]
) -> None:
    asked = answerer(Scripted([GOOD]))

    def left(_: str) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        asked.answer(question, passages, emit=left)
    assert isinstance(asked.llm, ScriptedLLM)
    assert not asked.llm.seen
