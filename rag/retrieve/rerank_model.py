"""The learned reranker's weights: read from a file, a score in logits and what each feature adds to it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from rag.errors import ConfigError
from rag.retrieve.features import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

WEIGHTS = "reranker.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class RerankModel:
    """Logistic regression: sigmoid(offset + slope * (row @ weights)) is the probability of relevance."""

    weights: NDArray[np.float64]
    slope: float
    offset: float

    def ranking(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return a score for each row; only differences between candidates of one question mean something."""
        found: NDArray[np.float64] = rows @ self.weights
        return found

    def probabilities(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return for each row the probability, 0 to 1, that it is relevant."""
        logits = np.clip(self.offset + self.slope * self.ranking(rows), -30.0, 30.0)
        found: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-logits))
        return found

    def contributions(self, row: NDArray[np.float64]) -> dict[str, float]:
        """Return what each feature adds to the logit, the greatest first; those that add nothing are left out."""
        parts = self.slope * row * self.weights
        order = np.argsort(-np.abs(parts), kind="stable")
        return {COLUMNS[at]: float(parts[at]) for at in order if parts[at] != 0.0}


def load_model() -> RerankModel:
    """Return the model that ships with the package."""
    table = json.loads(files("rag.retrieve").joinpath(WEIGHTS).read_text("utf-8"))
    return model_of(table["weights"], slope=table["slope"], offset=table["offset"])


def model_of(weights: Mapping[str, float], *, slope: float, offset: float) -> RerankModel:
    """Return the model with these weights. Raises `ConfigError` where a feature has none."""
    missing = [name for name in COLUMNS if name not in weights]
    if missing:
        raise ConfigError(f"`{WEIGHTS}` has no weight for `{missing[0]}`; train it anew: bench/train_reranker.py")
    return RerankModel(weights=np.array([weights[name] for name in COLUMNS]), slope=slope, offset=offset)
