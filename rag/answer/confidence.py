"""How likely it is that the passages answer the question: a logistic model whose weights stand in a file beside it."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "confidence.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfidenceModel:
    """`weights` belong to signals as they are, not scaled; below `least` an answer is not given."""

    weights: Mapping[str, float]
    bias: float
    least: float

    def confidence(self, signals: Mapping[str, float]) -> float:
        """Return the probability, 0 to 1, that the question is answered."""
        total = self.bias + sum(weight * signals[name] for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    def contributions(self, signals: Mapping[str, float]) -> dict[str, float]:
        """Return what each signal adds to the logit."""
        return {name: weight * signals[name] for name, weight in self.weights.items()}


@cache
def confidence_model() -> ConfidenceModel:
    """Return the model that ships with the package; `bench/train_confidence.py` makes it."""
    stored = json.loads(files("rag.answer").joinpath(FILE).read_text("utf-8"))
    return ConfidenceModel(weights=stored["weights"], bias=stored["bias"], least=stored["least"])
