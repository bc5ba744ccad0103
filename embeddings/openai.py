"""An OpenAI-compatible embeddings endpoint as an embedder; the `openai` package is imported only when one is opened."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from embeddings.deadline import within
from embeddings.encodable import encodable
from embeddings.prompts import prompts_for
from rag.errors import BackendError, BackendTimeoutError, ConfigError, HuwenError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from openai import APIStatusError, OpenAI

    from embeddings.options import EmbedderOptions
    from rag.types import Kind

DEFAULT_URL = "https://api.openai.com/v1"
NO_KEY = "none"  # what a local server that asks for no key is sent; the package refuses an empty one
BATCH = 64
LONGEST = 8000  # characters of one text that are sent; endpoints refuse what exceeds their context
DEADLINE_S = 60.0  # for one batch, retries included
PAUSES_S = (0.5, 1.0, 2.0)  # before each retry
PASSING = frozenset({408, 409, 429, 500, 502, 503, 504})
LONGEST_REASON = 300  # characters of a server's message
PROBE = "dimension"
MISSING = "`openai` is not installed; run `pip install openai`"


class PassingError(BackendError):
    """A failure that a later attempt may not meet."""


class OpenAIEmbedder:
    """Embeds over HTTP, in batches, each with its retries inside one deadline."""

    def __init__(
        self, client: OpenAI, *, model: str, url: str, dimensions: int | None = None, deadline_s: float = DEADLINE_S
    ) -> None:
        self._client = client
        self._model = model
        self._url = url
        self._asked = dimensions
        self._deadline_s = deadline_s
        self._prompts = prompts_for(model)
        self._length: int | None = None

    @property
    def identity(self) -> str:
        """The model's name, and the length that is asked for; where it is served does not matter."""
        return f"openai/{self._model}" + ("" if self._asked is None else f":{self._asked}")

    @property
    def dimension(self) -> int:
        """Length of each vector; asked of the server once. Raises what `embed` raises."""
        if self._length is None:
            self._length = self._batch([PROBE]).shape[1]
        return self._length

    def embed(self, texts: Sequence[str], *, kind: Kind) -> NDArray[np.float32]:
        """Return one unit row a text, zeros for a blank one; only the first 8,000 characters of a text are read.

        Raises `ConfigError` where the server refuses the key or knows no such model, `BackendTimeoutError` where a
        batch is not done in time, `BackendError` for every other failure.
        """
        prompt = self._prompts.of(kind)
        told = [at for at, text in enumerate(texts) if text.strip()]
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(told), BATCH):
            chosen = told[start : start + BATCH]
            rows = self._batch([prompt + encodable(texts[at][:LONGEST]) for at in chosen])
            if rows.shape[1] != self.dimension:
                raise self._unreadable(f"vectors of {rows.shape[1]} numbers where {self.dimension} came before")
            vectors[chosen] = rows
        return vectors

    def _batch(self, texts: list[str]) -> NDArray[np.float32]:
        """Return unit rows for one batch, trying again after a passing failure while time is left."""
        end = time.monotonic() + self._deadline_s
        for pause in PAUSES_S:
            try:
                return self._attempt(texts, end=end)
            except PassingError:
                if time.monotonic() + pause >= end:
                    raise
                time.sleep(pause)
        return self._attempt(texts, end=end)

    def _attempt(self, texts: list[str], *, end: float) -> NDArray[np.float32]:
        from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError

        left = end - time.monotonic()
        try:
            return within(left, lambda: self._rows(texts, left_s=left))
        except (TimeoutError, APITimeoutError):
            raise BackendTimeoutError(
                f"`{self._url}` did not embed {len(texts)} texts with `{self._model}` within {self._deadline_s:g} s; "
                "see whether the server is overloaded, then run the command again"
            ) from None
        except APIStatusError as error:
            raise self._refusal(error) from None
        except APIConnectionError:
            raise PassingError(
                f"no embeddings server answers at `{self._url}`; start it, or set `embedder_base_url`"
            ) from None
        except (APIError, ValueError, TypeError, AttributeError) as error:
            raise self._unreadable(str(error)) from None

    def _rows(self, texts: list[str], *, left_s: float) -> NDArray[np.float32]:
        from openai import omit

        reply = self._client.embeddings.create(
            input=texts,
            model=self._model,
            encoding_format="float",
            dimensions=omit if self._asked is None else self._asked,
            timeout=max(left_s, 0.001),
        )
        rows = sorted(reply.data, key=lambda row: row.index)
        if [row.index for row in rows] != list(range(len(texts))):
            raise ValueError(f"{len(rows)} vectors for {len(texts)} texts")
        vectors = np.array([row.embedding for row in rows], dtype=np.float32)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        if vectors.ndim != 2 or not np.isfinite(norms).all() or not norms.all():
            raise ValueError("a vector without a direction")
        if self._asked is not None and vectors.shape[1] != self._asked:
            raise ValueError(
                f"vectors of {vectors.shape[1]} numbers where `embedder_dimensions` asks for {self._asked}"
            )
        unit: NDArray[np.float32] = vectors / norms
        return unit

    def _refusal(self, error: APIStatusError) -> HuwenError:
        """Return the error for a status; the key is struck out of the server's own words."""
        status = error.status_code
        if status in PASSING:
            return PassingError(f"`{self._url}` answers {status} for `{self._model}`; run the command again later")
        if status in (401, 403):
            return ConfigError(f"`{self._url}` refuses the key ({status}); set `embedder_api_key` or `OPENAI_API_KEY`")
        if status == 404:
            return ConfigError(f"`{self._url}` has no model `{self._model}` (404); correct `embedder`")
        words = error.message.replace(self._client.api_key, "***")[:LONGEST_REASON]
        return BackendError(
            f"`{self._url}` refuses the texts for `{self._model}` ({status}): {words}; run `huwen doctor`"
        )

    def _unreadable(self, reason: str) -> BackendError:
        return BackendError(
            f"the answer of `{self._url}` for `{self._model}` cannot be used: {reason}; "
            "see whether it serves OpenAI's `/embeddings`"
        )


def open_openai(name: str, options: EmbedderOptions, *, deadline_s: float = DEADLINE_S) -> OpenAIEmbedder:
    """Open a model by its name at `base_url` (OpenAI's own where `None`). Nothing is sent before the first text.

    Raises `ConfigError` where the package or the key of OpenAI's own server is missing.
    """
    if options.base_url is None and options.api_key is None:
        raise ConfigError(
            f"`openai:{name}` needs a key: set `OPENAI_API_KEY`, or `embedder_base_url` for a server of your own"
        )
    try:
        from openai import OpenAI
    except ImportError as error:
        raise ConfigError(f"{MISSING} ({error})") from error
    url = DEFAULT_URL if options.base_url is None else options.base_url
    client = OpenAI(base_url=url, api_key=NO_KEY if options.api_key is None else options.api_key, max_retries=0)
    return OpenAIEmbedder(client, model=name, url=url, dimensions=options.dimensions, deadline_s=deadline_s)
