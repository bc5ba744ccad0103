"""The built-in model's files: where they lie, what they must be, how they are read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Tokenizer

from embeddings.builtin.normalise import folding
from rag.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

MODEL_DIR = Path(__file__).with_name("model")
CONFIG, TOKENIZER, ROWS, SCALES = "config.json", "tokenizer.json", "rows.npy", "scales.npy"
FORMAT = 1
REMEDY = "install `huwen` again, or train the model with `python -m embeddings.train --data DIR --out DIR`"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticModel:
    """One vector for each piece of the tokenizer, `unpack(rows)[id] * scales[id]`; rows are (pieces, dimension / 2)."""

    identity: str
    tokenizer: Tokenizer
    table: Mapping[int, str]
    rows: NDArray[np.uint8]
    scales: NDArray[np.float32]


def read_model(folder: Path) -> StaticModel:
    """Read the model in `folder`; the rows stay on disk until they are used. Raises `ConfigError`."""
    try:
        config = json.loads((folder / CONFIG).read_text("utf-8"))
        _check(folder, files=config["files"], version=config["format"])
        return StaticModel(
            identity=str(config["identity"]),
            tokenizer=_read_tokenizer(folder / TOKENIZER),
            table=folding(config["traditional"], config["simplified"]),
            rows=np.asarray(np.load(folder / ROWS, mmap_mode="r")),
            scales=np.load(folder / SCALES),
        )
    except FileNotFoundError as error:
        raise ConfigError(f"the built-in model is not whole, `{error.filename}` is missing; {REMEDY}") from error
    except (OSError, ValueError, KeyError) as error:
        raise ConfigError(f"the built-in model in `{folder}` cannot be read: {error}; {REMEDY}") from error


def _check(folder: Path, *, files: Mapping[str, Mapping[str, int]], version: int) -> None:
    """Compare format and file sizes with the config's: cheap, and it catches every cut file before it is used."""
    if version != FORMAT:
        raise ValueError(f"format {version} where {FORMAT} is read")
    for name, entry in files.items():
        size = (folder / name).stat().st_size
        if size != entry["bytes"]:
            raise ValueError(f"`{name}` has {size} bytes where {entry['bytes']} are expected")


def _read_tokenizer(path: Path) -> Tokenizer:
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises nothing narrower
        raise ValueError(f"`{path.name}`: {error}") from error
