"""Chooses an embedding model by its specification; each back-end is imported only when it is the one chosen."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from embeddings.options import EmbedderOptions
from rag.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.protocols import Embedder

DEFAULTS = EmbedderOptions()
BUILTIN = "builtin"
FORMS = "`builtin`, `sentence-transformers:NAME-OR-PATH`, `openai:MODEL`"


class Opener(Protocol):
    """Opens the model `name` of one back-end; `name` is what follows the colon, empty where nothing does."""

    def __call__(self, name: str, options: EmbedderOptions) -> Embedder:
        """Raise `ConfigError` where the model cannot be had."""
        ...


def open_embedder(spec: str, options: EmbedderOptions = DEFAULTS) -> Embedder:
    """Open the embedding model that `spec` names.

    Raises `ConfigError` for a specification of no known form, a missing package, and a model that cannot be loaded.
    """
    prefix, colon, name = spec.partition(":")
    opener = _OPENERS.get(prefix)
    if opener is None or (prefix == BUILTIN) == bool(colon) or (colon and not name.strip()):
        raise ConfigError(f"`{spec}` is no embedding model; set `embedder` to one of {FORMS}")
    return opener(name.strip(), options)


def _open_builtin(name: str, options: EmbedderOptions) -> Embedder:
    del name, options
    from embeddings.builtin.embedder import open_builtin

    return open_builtin()


def _open_sentence_transformers(name: str, options: EmbedderOptions) -> Embedder:
    from embeddings.sentence_transformers import open_sentence_transformers

    return open_sentence_transformers(name, options)


def _open_openai(name: str, options: EmbedderOptions) -> Embedder:
    from embeddings.openai import open_openai

    return open_openai(name, options)


_OPENERS: Mapping[str, Opener] = MappingProxyType(
    {
        BUILTIN: _open_builtin,
        "sentence-transformers": _open_sentence_transformers,
        "openai": _open_openai,
    }
)
