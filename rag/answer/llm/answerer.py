"""The answerer that asks a language model and passes on only what the passages support."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.answer.llm.draft import Draft
from rag.answer.llm.failures import PromptTooLongError
from rag.answer.llm.notices import broke_off, dropped, fell_back, joined, unsure
from rag.answer.llm.prompt import build_prompt, redo_prompt
from rag.answer.llm.writing import Writing
from rag.answer.refusal import refused
from rag.errors import BackendError
from rag.types import Answer, Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rag.answer.llm.draft import Drafted
    from rag.answer.llm.prompt import BuiltPrompt
    from rag.answer.llm.writing import Ground
    from rag.protocols import LLM, Answerer
    from rag.types import Lang, Passage, Question, Reason

FALSE_PREMISE: Reason = "false_premise"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finished:
    """What one completion came to. `failure` is set where it broke off after sentences had been passed on."""

    prompt: BuiltPrompt
    writing: Writing
    reason: Reason | None
    usage: Usage | None
    failure: BackendError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LLMAnswerer:
    """Answers with a model's sentences, each checked by `ground` before it is emitted.

    A draft of which nothing holds is written once more, with the reasons, within what is left of `deadline_s` seconds.
    `fallback` answers where the model fails before a sentence of it has held; the answer's `notice` then says so.
    Settings that cannot be used (`ConfigError`) are raised instead. With `mark`, sentences that do not hold are not
    dropped but followed by it.
    """

    llm: LLM
    count_tokens: Callable[[str], int]
    prompt_tokens: int
    ground: Ground
    fallback: Answerer
    deadline_s: float
    mark: Mapping[Lang, str] | None = None

    @property
    def name(self) -> str:
        """The model's specification."""
        return self.llm.name

    def answer(self, question: Question, passages: Sequence[Passage], *, emit: Callable[[str], None]) -> Answer:
        """Return the whole answer; `emit` receives each sentence once it has been checked."""
        if not passages:
            return self._refused(question, passages, "no_evidence", emit)
        # A listener who left during the search says so now, and no model is asked for nobody.
        emit("")
        try:
            finished = self._completed(question, passages, emit)
        except BackendError as error:
            answer = self.fallback.answer(question, passages, emit=emit)
            return replace(answer, notice=joined(fell_back(question.lang, error), answer.notice))
        return self._judged(question, passages, finished, emit)

    def _completed(self, question: Question, passages: Sequence[Passage], emit: Callable[[str], None]) -> _Finished:
        began = time.monotonic()
        finished = self._fitted(question, passages, emit)
        left = self.deadline_s - (time.monotonic() - began)
        if finished.writing.text or finished.reason not in (None, FALSE_PREMISE) or left <= 0:
            return finished
        return self._redone(question, finished, emit, within_s=left)

    def _fitted(self, question: Question, passages: Sequence[Passage], emit: Callable[[str], None]) -> _Finished:
        prompt = self._built(question, passages)
        while True:
            try:
                return self._read(question, prompt, emit)
            except PromptTooLongError:
                if len(prompt.shown) == 1:
                    raise
                prompt = self._built(question, prompt.shown[: len(prompt.shown) // 2])

    def _redone(
        self, question: Question, first: _Finished, emit: Callable[[str], None], *, within_s: float
    ) -> _Finished:
        """Return the second draft, or the first one where the model cannot write another."""
        prompt = redo_prompt(first.prompt, first.writing.claims, lang=question.lang)
        try:
            second = self._read(question, prompt, emit, within_s=within_s)
        except BackendError:
            return first
        return replace(second, usage=_added(first.usage, second.usage))

    def _built(self, question: Question, passages: Sequence[Passage]) -> BuiltPrompt:
        return build_prompt(question, passages, count_tokens=self.count_tokens, budget=self.prompt_tokens)

    def _read(
        self,
        question: Question,
        prompt: BuiltPrompt,
        emit: Callable[[str], None],
        *,
        within_s: float | None = None,
    ) -> _Finished:
        draft = Draft()
        mark = None if self.mark is None else self.mark[question.lang]
        writing = Writing(lang=question.lang, shown=prompt.shown, ground=self.ground, emit=emit, mark=mark)
        completion = self.llm.stream(prompt.messages, within_s=within_s)
        failure = None
        try:
            for piece in completion:
                # An empty piece lets the listener say that it has left.
                emit("")
                _write(draft.feed(piece), draft, writing)
            _write(draft.end(), draft, writing)
        except BackendError as error:
            if not writing.text:
                raise
            failure = error
        finally:
            completion.close()
        if draft.is_empty:
            raise BackendError(f"`{self.name}` sent an empty answer; ask again, or choose another model")
        return _Finished(prompt=prompt, writing=writing, reason=draft.reason, usage=completion.usage, failure=failure)

    def _judged(
        self, question: Question, passages: Sequence[Passage], finished: _Finished, emit: Callable[[str], None]
    ) -> Answer:
        writing, reason = finished.writing, finished.reason
        if not writing.text:
            given: Reason = "unsupported" if reason is None or reason == FALSE_PREMISE else reason
            answer = self._refused(question, passages, given, emit)
            return replace(answer, claims=writing.claims, usage=finished.usage, prompt=finished.prompt.messages)
        cut_short = None if finished.failure is None else broke_off(question.lang, finished.failure)
        is_correction = reason == FALSE_PREMISE
        return Answer(
            question=question,
            status="refused" if is_correction else "answered",
            reason=FALSE_PREMISE if is_correction else None,
            text=writing.text,
            confidence=1.0 - writing.dropped / len(writing.claims),
            passages=writing.labelled(passages),
            llm=self.name,
            notice=joined(cut_short, (dropped if self.mark is None else unsure)(question.lang, writing.dropped)),
            citations=writing.citations,
            claims=writing.claims,
            usage=finished.usage,
            prompt=finished.prompt.messages,
        )

    def _refused(
        self, question: Question, passages: Sequence[Passage], reason: Reason, emit: Callable[[str], None]
    ) -> Answer:
        answer = refused(question, passages, reason=reason, confidence=0.0, llm=self.name)
        emit(answer.text)
        return answer


def _write(sentences: Iterator[Drafted], draft: Draft, writing: Writing) -> None:
    """Pass sentences on; behind a refusal line only a correction counts."""
    for sentence in sentences:
        if draft.reason is None or draft.reason == FALSE_PREMISE:
            writing.add(sentence)


def _added(one: Usage | None, other: Usage | None) -> Usage | None:
    """Return the tokens of two completions together, as far as the server counted them."""
    if one is None or other is None:
        return other if one is None else one
    return Usage(
        prompt_tokens=one.prompt_tokens + other.prompt_tokens,
        completion_tokens=one.completion_tokens + other.completion_tokens,
    )
