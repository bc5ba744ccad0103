"""One event of a chat completion's stream, read from outside text and checked."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.errors import BackendError
from rag.types import Usage

LONGEST_MESSAGE = 200


class _Outside(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Text(_Outside):
    # Reasoning arrives in fields of its own (`reasoning_content`, `reasoning`), which are not read.
    content: str | None = None


class _Choice(_Outside):
    delta: _Text | None = None
    finish_reason: str | None = None


class _Usage(_Outside):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class Delta(_Outside):
    """What one event adds. Any field may be missing: servers differ."""

    choices: tuple[_Choice, ...] | None = None
    usage: _Usage | None = None
    error: object = None

    @property
    def text(self) -> str:
        """The piece of the answer, often empty."""
        first = self._first
        return "" if first is None or first.delta is None or first.delta.content is None else first.delta.content

    @property
    def finish_reason(self) -> str | None:
        """Why the model stopped; `None` until it does."""
        return None if self._first is None else self._first.finish_reason

    @property
    def tokens(self) -> Usage | None:
        """The usage, in the event that has it."""
        if self.usage is None:
            return None
        return Usage(prompt_tokens=self.usage.prompt_tokens, completion_tokens=self.usage.completion_tokens)

    @property
    def _first(self) -> _Choice | None:
        return self.choices[0] if self.choices else None


def read_delta(data: str) -> Delta:
    """Return the event. Raises `BackendError` where it is not JSON of the expected form, or reports an error."""
    try:
        delta = Delta.model_validate_json(data)
    except ValidationError as error:
        kind = error.errors(include_url=False, include_input=False)[0]["msg"]
        raise BackendError(
            f"the language model's server sent an event that is no chat completion ({kind}: {data[:80]!r})"
        ) from None
    if delta.error is not None:
        raise BackendError(f"the language model's server reported an error: {error_message(delta.error)}")
    return delta


def error_message(error: object) -> str:
    """Return the message inside an error object in one of the usual forms, shortened."""
    inner = error.get("message", error) if isinstance(error, dict) else error
    return " ".join(str(inner).split())[:LONGEST_MESSAGE]
