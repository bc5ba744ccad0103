"""The built-in embedder: tokenise, pool, normalise; it imports no deep-learning library and opens no connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embeddings.builtin.files import MODEL_DIR, StaticModel, read_model
from embeddings.builtin.normalise import fold
from embeddings.builtin.pooling import pool

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from rag.types import Kind

BATCH = 256


class BuiltinEmbedder:
    """Embeds with static token vectors; queries and documents are treated alike."""

    def __init__(self, model: StaticModel) -> None:
        self._model = model

    @property
    def identity(self) -> str:
        """The model's name, version and a digest of its files."""
        return self._model.identity

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return 2 * int(self._model.rows.shape[1])

    def embed(self, texts: Sequence[str], *, kind: Kind) -> NDArray[np.float32]:
        """Return one unit row a text, of any length; a text without letters or digits gives a zero row."""
        del kind
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), BATCH):
            for row, ids in enumerate(self._tokenise(texts[start : start + BATCH]), start):
                vectors[row] = pool(ids, self._model.rows, self._model.scales)
        return vectors

    def _tokenise(self, texts: Sequence[str]) -> list[list[int]]:
        folded = [fold(text, self._model.table) for text in texts]
        if len(folded) == 1:  # one text does not wake the tokenizer's threads
            return [self._model.tokenizer.encode(folded[0]).ids]
        return [encoding.ids for encoding in self._model.tokenizer.encode_batch_fast(folded)]


def open_builtin(folder: Path = MODEL_DIR) -> BuiltinEmbedder:
    """Open the model that ships with the package, or another in the same layout. Raises `ConfigError`."""
    return BuiltinEmbedder(read_model(folder))
