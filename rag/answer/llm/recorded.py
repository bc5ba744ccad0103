"""A language model whose replies come from a cassette; where there is a model behind it, what is missing is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from prompts.hash import prompt_hash
from rag.answer.llm.cassette import Reply
from rag.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.answer.llm.cassette import Cassette
    from rag.protocols import LLM, Completion
    from rag.types import Turn, Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedLLM:
    """An `LLM` under the name of the one that was recorded. `llm` is asked for what the cassette lacks; `None` is nobody.

    A prompt that nobody answers is a `ConfigError`, not a failure of a back-end: no fall-back may hide it.
    """

    name: str
    cassette: Cassette
    llm: LLM | None

    def stream(self, messages: Sequence[Turn], *, within_s: float | None = None) -> Completion:
        """Return the recorded reply, or the model's, which is recorded as it is read."""
        prompt = prompt_hash(messages)
        held = self.cassette.reply(self.name, prompt=prompt)
        if self.llm is None:
            if held is None:
                raise self._missing(prompt)
            return _Replayed(held, rest=self._missing(prompt))
        if held is not None and held.whole:
            return _Replayed(held, rest=None)
        return _Recording(self.llm.stream(messages, within_s=within_s), self.cassette, llm=self.name, prompt=prompt)

    def _missing(self, prompt: str) -> ConfigError:
        path = self.cassette.path
        return ConfigError(
            f"the cassette `{path}` has no whole reply of `{self.name}` to the prompt `{prompt[:12]}`: another question, "
            f"index, setting or version of the prompts than was recorded; record it: add `--record`, "
            f'or set `llm_cassette_mode = "record"`'
        )


class _Replayed:
    """A `Completion` from the cassette. `rest` is raised behind a reply that was broken off."""

    def __init__(self, held: Reply, *, rest: ConfigError | None) -> None:
        self._held = held
        self._rest = None if held.whole else rest

    @property
    def usage(self) -> Usage | None:
        return self._held.usage

    def __iter__(self) -> Iterator[str]:
        yield self._held.reply
        if self._rest is not None:
            raise self._rest

    def close(self) -> None:
        return


class _Recording:
    """A `Completion` that goes onto the cassette when its reader is done with it; one that failed does not."""

    def __init__(self, completion: Completion, cassette: Cassette, *, llm: str, prompt: str) -> None:
        self._completion = completion
        self._cassette = cassette
        self._llm = llm
        self._prompt = prompt
        self._pieces: list[str] = []
        self._is_over = False

    @property
    def usage(self) -> Usage | None:
        return self._completion.usage

    def __iter__(self) -> Iterator[str]:
        try:
            for piece in self._completion:
                self._pieces.append(piece)
                yield piece
        except Exception:
            self._is_over = True
            raise
        self._keep(whole=True)

    def close(self) -> None:
        self._completion.close()
        self._keep(whole=False)

    def _keep(self, *, whole: bool) -> None:
        if self._is_over:
            return
        self._is_over = True
        usage = self._completion.usage
        tokens = (
            None
            if usage is None
            else {"prompt_tokens": usage.prompt_tokens, "completion_tokens": usage.completion_tokens}
        )
        row = {
            "llm": self._llm,
            "prompt": self._prompt,
            "reply": "".join(self._pieces),
            "whole": whole,
            "tokens": tokens,
        }
        self._cassette.add(Reply.model_validate(row))
