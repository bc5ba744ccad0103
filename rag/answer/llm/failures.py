"""What the openai package and the network raise, as errors of ours: with the next step, without the key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.answer.llm.delta import error_message
from rag.errors import BackendError, BackendTimeoutError, ConfigError, HuwenError

if TYPE_CHECKING:
    from collections.abc import Mapping

_REFUSED_KEY = (401, 403)
_TRANSIENT = (408, 409, 429, 500, 502, 503, 504, 529)
# How OpenAI, vLLM, LM Studio, llama.cpp, DashScope and gateways say that a prompt is too long.
_TOO_LONG = (
    "context_length",
    "context length",
    "maximum context",
    "context size",
    "context window",
    "input length should be",
    "reduce the length",
    "too many tokens",
    "prompt is too long",
)
_NO_CREDIT = ("insufficient_quota", "insufficient balance", "billing")


class PromptTooLongError(BackendError):
    """The prompt does not fit into the model's context window; a shorter one may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """Who is spoken to, as error messages name it. `key` is what they must not show."""

    name: str
    model: str
    url: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error of ours, whether trying again may help, and how long the server asks to wait (seconds)."""

    error: HuwenError
    transient: bool = False
    retry_after_s: float | None = None


def call_errors() -> tuple[type[Exception], ...]:
    """Return all that a call may raise, the errors of ours included."""
    import httpx2
    import openai

    network = (httpx2.HTTPError, httpx2.StreamError, UnicodeError)
    return (HuwenError, openai.OpenAIError, *network)


def failure_of(error: Exception, backend: Backend) -> Failure:
    """Return what one of `call_errors` means."""
    import httpx2
    import openai

    if isinstance(error, HuwenError):
        return Failure(error=error)
    if isinstance(error, openai.APIStatusError):
        return _of_status(error.status_code, error.body, error.response.headers, backend)
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException):
        return Failure(error=BackendTimeoutError(_timed_out(backend)))
    if isinstance(error, openai.APIConnectionError | httpx2.HTTPError):
        return Failure(error=BackendError(_unreachable(error, backend)), transient=True)
    return Failure(
        error=BackendError(f"the call of `{backend.name}` failed: {_clean(error, backend)}; run `huwen doctor`")
    )


def _of_status(status: int, body: object, headers: Mapping[str, str], backend: Backend) -> Failure:
    said = _clean(error_message(body), backend)
    if status in _REFUSED_KEY:
        return Failure(
            error=ConfigError(
                f"`{backend.name}` at `{backend.url}` refuses the key ({status}); set `llm_api_key` in huwen.toml, "
                f"or HUWEN_LLM_API_KEY or OPENAI_API_KEY in the environment"
            )
        )
    if status == 404:
        return Failure(
            error=ConfigError(
                f"`{backend.url}` has no model `{backend.model}`, or no chat completions at that address "
                f"(404: {said}); check `llm` and `llm_base_url`, which usually ends in /v1"
            )
        )
    if status in (400, 413, 422) and any(words in said.lower() for words in _TOO_LONG):
        return Failure(
            error=PromptTooLongError(f"the prompt is too long for `{backend.name}`: {said}; lower `prompt_tokens`")
        )
    transient = status in _TRANSIENT and not any(words in said.lower() for words in _NO_CREDIT)
    advice = "try again later, or see its log" if transient else "see its documentation or log"
    return Failure(
        error=BackendError(f"`{backend.name}` at `{backend.url}` answered {status}: {said}; {advice}"),
        transient=transient,
        retry_after_s=_seconds(headers.get("retry-after")),
    )


def _seconds(value: str | None) -> float | None:
    try:
        return None if value is None else max(0.0, float(value))
    except ValueError:
        return None


def _timed_out(backend: Backend) -> str:
    return (
        f"`{backend.name}` at `{backend.url}` did not answer before the deadline; "
        f"raise `llm_deadline_s` or choose a faster model"
    )


def _unreachable(error: Exception, backend: Backend) -> str:
    cause = error if error.__cause__ is None else error.__cause__
    return (
        f"the connection to `{backend.name}` at `{backend.url}` failed ({_clean(cause, backend)}); "
        f"is the server running? `huwen doctor` checks it"
    )


def _clean(said: object, backend: Backend) -> str:
    text = " ".join(str(said).split()) or type(said).__name__
    return text.replace(backend.key, "***") if backend.key else text
