"""Writes a trained model in the layout that the runtime reads."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np

from embeddings.builtin.files import CONFIG, FORMAT, ROWS, SCALES, TOKENIZER

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

NAME = "huwen-static-zh-en"
LIMIT = 127


def quantise(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return int8 rows and the scale of each, so that `rows * scales[:, None]` is within half a step of `vectors`."""
    scales = (np.abs(vectors).max(axis=1) / LIMIT).astype(np.float32)
    rows = np.rint(vectors / np.where(scales == 0.0, 1.0, scales)[:, None]).astype(np.int8)
    return rows, scales


def write_model(
    folder: Path, *, version: str, tokenizer: Tokenizer, vectors: NDArray[np.float32], folding: tuple[str, str]
) -> None:
    """Write tokenizer, int8 rows, scales and config; `folding` is (traditional, simplified), place for place.

    The identity in the config ends in a digest of the other files, so no two models share one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows, scales = quantise(vectors)
    np.save(folder / ROWS, rows)
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


def _describe(path: Path) -> dict[str, str | int]:
    content = path.read_bytes()
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
