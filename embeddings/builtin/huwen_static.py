"""The built-in model as a module of sentence-transformers; `huwen model export` puts this file beside a copy of the weights.

It needs the package `huwen`, whose own code folds, cuts and adds up the text, so that both give the same vectors.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from sentence_transformers.base.modules import InputModule

from embeddings.builtin.embedder import open_builtin

if TYPE_CHECKING:
    from typing import Self


class HuwenStatic(InputModule):
    """Texts to unit vectors; there is nothing in it to train, the weights are whole numbers of four bits."""

    def __init__(self, folder: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._folder = Path(folder)
        self._embedder = open_builtin(self._folder)

    def preprocess(  # type: ignore[override]
        self, inputs: list[str], prompt: str | None = None, **_: object
    ) -> dict[str, torch.Tensor]:
        """Return the texts' vectors: cutting into pieces and adding up is one step here."""
        texts = inputs if prompt is None else [prompt + text for text in inputs]
        return {"sentence_embedding": torch.from_numpy(self._embedder.embed(texts, kind="document"))}

    def forward(self, features: dict[str, torch.Tensor], **_: object) -> dict[str, torch.Tensor]:
        """Return the features as they are."""
        return features

    def get_embedding_dimension(self) -> int:
        """Return the length of each vector."""
        return self._embedder.dimension

    def save(self, output_path: str, *_: object, **__: object) -> None:
        """Copy the model's files."""
        for path in self._folder.iterdir():
            if path.is_file() and path.suffix in {".json", ".npy", ".py", ".md"}:
                shutil.copy2(path, Path(output_path) / path.name)

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **_: object) -> Self:  # type: ignore[override]
        """Open the model in a folder."""
        return cls(str(Path(model_name_or_path, subfolder)))
