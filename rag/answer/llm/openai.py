"""Chat models behind any OpenAI-compatible server, through the openai package, imported with the first call."""

from __future__ import annotations

import ipaddress
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rag.answer.llm.delta import read_delta
from rag.answer.llm.failures import Backend, call_errors
from rag.answer.llm.relay import Relay
from rag.answer.llm.retry import Attempts
from rag.answer.llm.sse import event_data
from rag.answer.llm.thinking import ThoughtFilter
from rag.answer.llm.wire import Wire
from rag.errors import BackendError, ConfigError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from openai import OpenAI

    from rag.types import Turn, Usage

OPENAI_URL = "https://api.openai.com/v1"
# The package wants a key even for a server that asks for none.
NO_KEY = "no-key-needed"
DONE = "[DONE]"
CUT_SHORT = frozenset({"length", "content_filter"})


class OpenAIChat:
    """An `LLM`. Every call has a connection of its own, so that it can be cut, and one deadline around all of it."""

    def __init__(self, *, name: str, model: str, base_url: str | None, api_key: str | None, deadline_s: float) -> None:
        """Make no connection yet. Raises `ConfigError` for an address that is none, and where OpenAI has no key."""
        key = "" if api_key is None else api_key.strip()
        if base_url is None and not key:
            raise ConfigError(
                f"`{name}` needs a key: set `llm_api_key` in huwen.toml, or `llm_base_url` for a server of your own"
            )
        if not (key.isascii() and key.isprintable()):
            raise ConfigError("`llm_api_key` holds characters that no key has; copy it again, without spaces or quotes")
        url = OPENAI_URL if base_url is None else _checked_url(base_url)
        self._deadline_s = deadline_s
        self._backend = Backend(
            name=name,
            model=model,
            url=url,
            key=key or NO_KEY,
        )

    @property
    def name(self) -> str:
        """The specification that selects it, such as `openai:gpt-4o-mini`."""
        return self._backend.name

    def stream(self, messages: Sequence[Turn], *, within_s: float | None = None) -> Relay:
        """Start one completion; what goes wrong is raised while it is read."""
        seconds = self._deadline_s if within_s is None else min(within_s, self._deadline_s)
        turns = [{"role": turn.role, "content": turn.content} for turn in messages]
        return Relay(lambda wire: self._with_retries(turns, wire), wire=Wire(deadline_s=seconds), name=self.name)

    def _with_retries(self, turns: list[dict[str, str]], wire: Wire) -> Generator[str | Usage]:
        attempts = Attempts(self._backend, wire)
        while True:
            try:
                for item in self._once(turns, attempts.optional, wire):
                    attempts.has_text |= bool(item)
                    yield item
            except call_errors() as error:
                attempts.wait_or_raise(error)
            else:
                return

    def _once(self, turns: list[dict[str, str]], optional: dict[str, object], wire: Wire) -> Iterator[str | Usage]:
        with (
            self._client(wire) as client,
            client.chat.completions.with_streaming_response.create(
                model=self._backend.model,
                messages=turns,  # type: ignore[arg-type]
                stream=True,
                timeout=wire.remaining_s,
                extra_body=optional,
            ) as response,
        ):
            kind = response.headers.get("content-type", "")
            if not kind.startswith("text/event-stream"):
                raise BackendError(
                    f"`{self.name}` at `{self._backend.url}` answered with `{kind}` where a stream was expected; "
                    f"check `llm_base_url`, which usually ends in /v1"
                )
            yield from self._read(response.iter_bytes())

    def _read(self, pieces: Iterable[bytes]) -> Iterator[str | Usage]:
        thoughts = ThoughtFilter()
        finish: str | None = None
        for data in event_data(pieces):
            if data.strip() == DONE:
                finish = "stop" if finish is None else finish
                break
            delta = read_delta(data)
            yield thoughts.feed(delta.text)
            finish = finish if delta.finish_reason is None else delta.finish_reason
            if delta.tokens is not None:
                yield delta.tokens
        yield thoughts.end()
        if finish is None:
            raise BackendError(f"`{self.name}` broke off in mid-answer; ask again, or see the server's log")
        if finish in CUT_SHORT:
            raise BackendError(f"`{self.name}` stopped before its end (`{finish}`); raise the server's limit on tokens")

    def _client(self, wire: Wire) -> OpenAI:
        import httpx2
        import openai

        def attach(request: httpx2.Request) -> None:
            request.extensions["trace"] = wire.trace

        return openai.OpenAI(
            api_key=self._backend.key,
            base_url=self._backend.url,
            max_retries=0,
            http_client=httpx2.Client(
                verify=self._certificates,
                # A proxy of the environment is for the world outside, not for a server on this machine.
                trust_env=not _is_loopback(self._backend.url),
                follow_redirects=False,
                event_hooks={"request": [attach]},
            ),
        )

    @cached_property
    def _certificates(self) -> ssl.SSLContext:
        import httpx2

        return httpx2.create_ssl_context()


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        usable = False
    if not usable:
        shown = url.rpartition("@")[2]
        raise ConfigError(f"`llm_base_url` must be an address such as `http://127.0.0.1:11434/v1` (got `{shown}`)")
    return url.rstrip("/")


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
