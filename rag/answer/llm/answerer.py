"""The answerer that asks a language model and passes on only what the passages support."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.answer.llm.draft import Draft
from rag.answer.llm.failures import PromptTooLongError
from rag.answer.llm.notices import broke_off, dropped, fell_back, joined
from rag.answer.llm.prompt import build_prompt
from rag.answer.llm.writing import Writing
from rag.answer.refusal import refused
from rag.errors import BackendError
from rag.types import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rag.answer.llm.draft import Drafted
    from rag.answer.llm.prompt import BuiltPrompt
    from rag.answer.llm.writing import Ground
    from rag.protocols import LLM, Answerer
    from rag.types import Passage, Question, Reason, Usage

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

    `fallback` answers where the model fails before a sentence of it has held; the answer's `notice` then says so.
    Settings that cannot be used (`ConfigError`) are raised instead.
    """

    llm: LLM
    count_tokens: Callable[[str], int]
    prompt_tokens: int
    ground: Ground
    fallback: Answerer

    @property
    def name(self) -> str:
        """The model's specification."""
        return self.llm.name

    def answer(self, question: Question, passages: Sequence[Passage], *, emit: Callable[[str], None]) -> Answer:
        """Return the whole answer; `emit` receives each sentence once it has been checked."""
        if not passages:
            return self._refused(question, passages, "no_evidence", emit)
        try:
            finished = self._completed(question, passages, emit)
        except BackendError as error:
            answer = self.fallback.answer(question, passages, emit=emit)
            return replace(answer, notice=joined(fell_back(question.lang, error), answer.notice))
        return self._judged(question, passages, finished, emit)

    def _completed(self, question: Question, passages: Sequence[Passage], emit: Callable[[str], None]) -> _Finished:
        prompt = self._built(question, passages)
        while True:
            try:
                return self._read(prompt, emit)
            except PromptTooLongError:
                if len(prompt.shown) == 1:
                    raise
                prompt = self._built(question, prompt.shown[: len(prompt.shown) // 2])

    def _built(self, question: Question, passages: Sequence[Passage]) -> BuiltPrompt:
        return build_prompt(question, passages, count_tokens=self.count_tokens, budget=self.prompt_tokens)

    def _read(self, prompt: BuiltPrompt, emit: Callable[[str], None]) -> _Finished:
        draft = Draft()
        writing = Writing(shown=prompt.shown, ground=self.ground, emit=emit)
        completion = self.llm.stream(prompt.messages)
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
            notice=joined(cut_short, dropped(question.lang, writing.dropped)),
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
