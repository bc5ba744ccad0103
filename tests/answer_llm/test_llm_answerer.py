"""What reaches the user of a model's draft: the sentences that hold, numbered by the contract, or a refusal."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from rag.answer.grounding import ground_claim
from rag.answer.llm.answerer import LLMAnswerer
from rag.answer.llm.failures import PromptTooLongError
from rag.answer.llm.notices import MARKS
from rag.answer.llm.openai import OpenAIChat
from rag.errors import BackendError, ConfigError
from rag.types import Answer, Passage, Question, Turn, Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.answer_llm.conftest import Serve, Upstream

GOOD = "2023年，上海工业战略性新兴产业总产值占规上工业总产值的比重为43.9%。[1]"
ALSO = "2025年前三季度，全市生产总值为40721.17亿元，同比增长5.5%。[2]"
LATER = "前三季度，上述比重升到44.1%。[3]"
LIE = "2023年，上海工业战略性新兴产业总产值占规上工业总产值的比重为51.2%。[1]"


@dataclass
class Scripted:
    """A completion of given pieces; an exception among them is raised."""

    pieces: Sequence[str | Exception]
    usage: Usage | None = None
    closed: int = 0

    def __iter__(self) -> Iterator[str]:
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    def close(self) -> None:
        self.closed += 1


@dataclass
class ScriptedLLM:
    """An LLM that gives its completions in turn and keeps the messages."""

    completions: Sequence[Scripted]
    seen: list[Sequence[Turn]] = field(default_factory=list)
    name: str = "openai:scripted"

    def stream(self, messages: Sequence[Turn], *, within_s: float | None = None) -> Scripted:
        self.seen.append(messages)
        return self.completions[min(len(self.seen), len(self.completions)) - 1]


@dataclass
class Quoting:
    """A fallback that quotes the first passage."""

    name: str = "extractive"

    def answer(self, question: Question, passages: Sequence[Passage], *, emit: Callable[[str], None]) -> Answer:
        text = f"{passages[0].text} [1]"
        emit(text)
        return Answer(
            question=question, status="answered", text=text, confidence=0.8, passages=tuple(passages), llm=self.name
        )


def answerer(*completions: Scripted, prompt_tokens: int = 20_000) -> LLMAnswerer:
    return LLMAnswerer(
        llm=ScriptedLLM(completions),
        count_tokens=len,
        prompt_tokens=prompt_tokens,
        ground=ground_claim,
        deadline_s=60.0,
        fallback=Quoting(),
    )


def answered(question: Question, passages: Sequence[Passage], *pieces: str | Exception) -> Answer:
    emitted: list[str] = []
    answer = answerer(Scripted(pieces)).answer(question, passages, emit=emitted.append)
    assert "".join(emitted) == answer.text
    return answer


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
