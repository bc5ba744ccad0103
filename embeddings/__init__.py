"""Texts to vectors: the built-in model and its training, sentence-transformers, OpenAI-compatible endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from embeddings.open import open_embedder

__all__ = ["open_embedder"]


def __getattr__(name: str) -> object:
    """Import `open_embedder` when it is first asked for, so that importing the package costs nothing."""
    if name != "open_embedder":
        raise AttributeError(f"module `embeddings` has no attribute `{name}`")
    from embeddings.open import open_embedder

    return open_embedder
