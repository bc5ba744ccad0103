"""How a model is reached and run; each back-end reads what concerns it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Dtype = Literal["float32", "float16", "bfloat16"]
Runtime = Literal["torch", "onnx"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedderOptions:
    """`base_url`, `api_key` and `dimensions` are for `openai:`, the others for `sentence-transformers:`.

    `dimensions` asks the server for shorter vectors, `batch` is texts a step, `processes` is how many share a long list of
    texts. `None` leaves the choice to the model or the library.
    """

    base_url: str | None = None
    api_key: str | None = None
    dimensions: int | None = None
    batch: int = 32
    device: str | None = None
    dtype: Dtype | None = None
    runtime: Runtime = "torch"
    processes: int = 1
