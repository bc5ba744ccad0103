"""What reaches the user of a model's draft: the sentences that hold, numbered by the contract, or a refusal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rag.answer.grounding import ground_claim
from rag.answer.llm.answerer import LLMAnswerer
from rag.answer.llm.notices import MARKS
from rag.answer.llm.openai import OpenAIChat
from rag.types import Passage, Question, Usage
from tests.answer_llm.drafting import ALSO, GOOD, LATER, LIE, Quoting, Scripted, ScriptedLLM, answered, answerer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.answer_llm.conftest import Serve, Upstream


def test_a_supported_sentence_is_answered_with_its_exact_span(
    question: Question, passages: tuple[Passage, ...]
) -> None:
    answer = answered(question, passages, GOOD)
    assert (answer.status, answer.reason) == ("answered", None)
    assert answer.text == GOOD.replace("[1]", " [1]")
    (citation,) = answer.citations
    assert citation.quote == passages[0].text[citation.start - 100 : citation.end - 100] == GOOD.removesuffix("[1]")
    assert (citation.label, citation.article_id) == (1, "p1")
    assert answer.confidence == 1.0
    assert answer.llm == "openai:scripted"


def test_labels_are_numbered_in_the_order_of_first_use(question: Question, passages: tuple[Passage, ...]) -> None:
    answer = answered(question, passages, f"{LATER}{GOOD}{LATER}")
    assert [claim.labels for claim in answer.claims] == [(1,), (2,), (1,)]
    assert [row.label for row in answer.passages] == [2, None, 1]
    assert [row.label for row in answer.citations] == [1, 2, 1]
    assert answer.text.count("[1]") == 2


@pytest.mark.parametrize("form", ["【1】", "[^1]", "[1,1]", "[1-1]", "【1†x】", "[资料1]"])
def test_other_forms_of_marks_become_ours(question: Question, passages: tuple[Passage, ...], form: str) -> None:
    assert answered(question, passages, GOOD.replace("[1]", form)).text == GOOD.replace("[1]", " [1]")


def test_an_unsupported_sentence_is_dropped_and_recorded(question: Question, passages: tuple[Passage, ...]) -> None:
    answer = answered(question, passages, f"{LIE}{ALSO}")
    assert answer.status == "answered"
    assert "51.2%" not in answer.text
    lie, truth = answer.claims
    assert (lie.supported, truth.supported) == (False, True)
    assert lie.problems
    assert lie.labels == ()
    assert answer.notice is not None
    assert "1 句" in answer.notice
    assert answer.confidence == 0.5


def test_a_sentence_without_a_citation_is_dropped(question: Question, passages: tuple[Passage, ...]) -> None:
    answer = answered(question, passages, f"根据资料，情况如下。{GOOD}")
    assert answer.text == GOOD.replace("[1]", " [1]")
    assert answer.claims[0].problems == ("no_citation",)


@pytest.mark.parametrize("number", ["0", "4", "99"])
def test_a_citation_of_a_passage_that_is_not_there_supports_nothing(
    question: Question, passages: tuple[Passage, ...], number: str
) -> None:
    answer = answered(question, passages, GOOD.replace("[1]", f"[{number}]"))
    assert (answer.status, answer.reason) == ("refused", "unsupported")
    assert f"unknown_label: {number}" in answer.claims[0].problems


def test_a_passage_that_did_not_fit_into_the_prompt_cannot_be_cited(
    question: Question, passages: tuple[Passage, ...]
) -> None:
    filling = tuple(replace(passages[2], chunk_id=f"f{number}", text="另一件事。" * 90) for number in range(9))
    asked = answerer(Scripted([ALSO.replace("[2]", "[10]")]), prompt_tokens=2_500)
    answer = asked.answer(question, (*filling, passages[1]), emit=lambda _: None)
    assert answer.reason == "unsupported"


def test_nothing_left_is_a_refusal_that_shows_the_problems(question: Question, passages: tuple[Passage, ...]) -> None:
    answer = answered(question, passages, LIE)
    assert (answer.status, answer.reason) == ("refused", "unsupported")
    assert answer.citations == ()
    assert [claim.supported for claim in answer.claims] == [False]
    assert answer.nearest[0].article_id == "p1"
    assert all(row.label is None for row in answer.passages)


@pytest.mark.parametrize("reason", ["no_evidence", "weak_evidence", "content_missing"])
def test_the_refusal_line_becomes_a_refusal(question: Question, passages: tuple[Passage, ...], reason: str) -> None:
    answer = answered(question, passages, "REFU", f"SE: {reason}\n", "因为资料里没有。[1]")
    assert (answer.status, answer.reason) == ("refused", reason)
    assert "REFUSE" not in answer.text
    assert answer.claims == ()


def test_a_correction_of_the_premise_is_a_refusal_with_citations(
    question: Question, passages: tuple[Passage, ...]
) -> None:
    answer = answered(question, passages, f"REFUSE: false_premise\n{GOOD}")
    assert (answer.status, answer.reason) == ("refused", "false_premise")
    assert answer.text == GOOD.replace("[1]", " [1]")
    assert len(answer.citations) == 1


def test_a_correction_that_does_not_hold_is_not_given(question: Question, passages: tuple[Passage, ...]) -> None:
    assert answered(question, passages, f"REFUSE: false_premise\n{LIE}").reason == "unsupported"


def test_a_refusal_after_a_supported_sentence_does_not_take_it_back(
    question: Question, passages: tuple[Passage, ...]
) -> None:
    answer = answered(question, passages, f"{GOOD}\nREFUSE: weak_evidence")
    assert answer.status == "answered"
    assert answer.text == GOOD.replace("[1]", " [1]")


def test_without_passages_the_model_is_not_asked(question: Question) -> None:
    asked = answerer(Scripted([GOOD]))
    answer = asked.answer(question, (), emit=lambda _: None)
    assert (answer.status, answer.reason) == ("refused", "no_evidence")
    assert isinstance(asked.llm, ScriptedLLM)
    assert asked.llm.seen == []


def test_markup_of_the_model_does_not_reach_the_answer(question: Question, passages: tuple[Passage, ...]) -> None:
    marked = f"## 结论\n- **{GOOD.replace('。[1]', '')}**![x](https://evil.example/?q=1)。[1](https://evil.example)\n"
    assert answered(question, passages, marked).text == GOOD.replace("[1]", " [1]")


def test_lines_stay_lines_and_sentences_of_one_line_stay_together(
    question: Question, passages: tuple[Passage, ...]
) -> None:
    text = answered(question, passages, f"{GOOD}{ALSO}\n\n{LIE}\n{LATER}").text
    assert [line.count("[") for line in text.split("\n")] == [2, 1]


def test_sentences_are_emitted_before_the_model_has_finished(question: Question, passages: tuple[Passage, ...]) -> None:
    emitted: list[str] = []

    class Watched(Scripted):
        def __iter__(self) -> Iterator[str]:
            yield f"{GOOD}{ALSO[0]}"
            assert [piece for piece in emitted if piece] == [GOOD.replace("[1]", " [1]")]
            yield ALSO[1:]

    answerer(Watched([])).answer(question, passages, emit=emitted.append)
    assert len([piece for piece in emitted if piece]) == 2


def test_the_answer_holds_its_prompt_and_usage(question: Question, passages: tuple[Passage, ...]) -> None:
    asked = answerer(Scripted([GOOD], usage=Usage(prompt_tokens=9, completion_tokens=3)))
    answer = asked.answer(question, passages, emit=lambda _: None)
    assert isinstance(asked.llm, ScriptedLLM)
    assert answer.prompt == tuple(asked.llm.seen[0])
    assert answer.usage == Usage(prompt_tokens=9, completion_tokens=3)


def test_through_a_server_streamed_and_whole_are_one_text(
    serve: Serve, question: Question, passages: tuple[Passage, ...]
) -> None:
    def script(upstream: Upstream) -> None:
        upstream.head()
        upstream.text("<think>嗯", "</think>", *LIE, *f"{GOOD}\n{ALSO}")
        upstream.stop()

    llm = OpenAIChat(name="openai:m", model="m", base_url=serve(script).url, api_key=None, deadline_s=5)
    asked = LLMAnswerer(
        llm=llm, count_tokens=len, prompt_tokens=20_000, ground=ground_claim, deadline_s=60.0, fallback=Quoting()
    )
    emitted: list[str] = []
    streamed = asked.answer(question, passages, emit=emitted.append)
    whole = asked.answer(question, passages, emit=lambda _: None)
    assert "".join(emitted) == streamed.text == whole.text
    assert whole.text == "\n".join([GOOD.replace("[1]", " [1]"), ALSO.replace("[2]", " [2]")])
    assert streamed == whole


def test_an_answer_in_another_language_than_the_question_does_not_hold(
    question: Question, passages: tuple[Passage, ...]
) -> None:
    english = "In 2023 the strategic emerging industries accounted for 43.9% of the total.[1]"
    answer = answered(question, passages, english)
    assert answer.reason == "unsupported"
    assert "wrong_language" in answer.claims[0].problems


def test_unsupported_sentences_are_marked_where_that_is_configured(
    question: Question, passages: tuple[Passage, ...]
) -> None:
    emitted: list[str] = []
    asked = replace(answerer(Scripted([f"{LIE}{GOOD}{LIE}"])), mark=MARKS)
    answer = asked.answer(question, passages, emit=emitted.append)
    assert answer.text == "".join(emitted)
    lie, good = LIE.replace("[1]", ""), GOOD.replace("[1]", " [1]")
    assert answer.text == f"{lie} 〔未核实〕 {good} {lie} 〔未核实〕"
    assert [claim.supported for claim in answer.claims] == [False, True, False]


def test_marked_sentences_alone_are_no_answer(question: Question, passages: tuple[Passage, ...]) -> None:
    answer = replace(answerer(Scripted([LIE])), mark=MARKS).answer(question, passages, emit=lambda _: None)
    assert (answer.status, answer.reason) == ("refused", "unsupported")
    assert "51.2%" not in answer.text
