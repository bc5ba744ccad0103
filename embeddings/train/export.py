"""Writes a trained model in the layout that the runtime reads."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np

from embeddings.builtin.files import CONFIG, FORMAT, ROWS, SCALES, TOKENIZER
from embeddings.builtin.nibbles import LIMIT, pack

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

NAME = "huwen-static-zh-en"
CLIPS = (1.0, 0.9, 0.8, 0.7, 0.6)  # shares of a row's largest component that its outermost step may stand for


def quantise(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return rows of whole numbers from -7 to 7 and the scale of each; of a few scales the one with the least error."""
    largest = np.maximum(np.abs(vectors).max(axis=1), np.finfo(np.float32).tiny)
    scales = np.zeros(len(vectors), dtype=np.float32)
    errors = np.full(len(vectors), np.inf)
    for clip in CLIPS:
        tried = (largest * clip / LIMIT).astype(np.float32)
        error = np.square(_steps(vectors, tried) * tried[:, None] - vectors).sum(axis=1)
        scales, errors = np.where(error < errors, tried, scales), np.minimum(error, errors)
    return _steps(vectors, scales), scales


def write_model(
    folder: Path, *, version: str, tokenizer: Tokenizer, vectors: NDArray[np.float32], folding: tuple[str, str]
) -> None:
    """Write tokenizer, packed rows, scales and config; `folding` is (traditional, simplified), place for place.

    The identity in the config ends in a digest of the other files, so no two models share one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows, scales = quantise(vectors)
    np.save(folder / ROWS, pack(rows))
    np.save(folder / SCALES, scales)
    (folder / TOKENIZER).write_text(tokenizer.to_str(pretty=False), "utf-8")
    files = {name: _describe(folder / name) for name in (TOKENIZER, ROWS, SCALES)}
    digest = hashlib.sha256(json.dumps([*files.values(), folding]).encode()).hexdigest()
    config = {
        "format": FORMAT,
        "identity": f"builtin/{NAME}-{version}-{digest[:12]}",
        "dimension": int(vectors.shape[1]),
        "pieces": int(vectors.shape[0]),
        "files": files,
        "traditional": folding[0],
        "simplified": folding[1],
    }
    (folder / CONFIG).write_text(json.dumps(config, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _steps(vectors: NDArray[np.float32], scales: NDArray[np.float32]) -> NDArray[np.int8]:
    steps: NDArray[np.int8] = np.clip(np.rint(vectors / scales[:, None]), -LIMIT, LIMIT).astype(np.int8)
    return steps


def _describe(path: Path) -> dict[str, str | int]:
    content = path.read_bytes()
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
