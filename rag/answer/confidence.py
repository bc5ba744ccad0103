"""How likely it is that the passages answer the question, and that they are about it: two logistic models in a file beside it."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from rag.errors import ConfigError

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
        """Return the probability, 0 to 1, of what the model was trained to tell."""
        total = self.bias + sum(weight * signals[name] for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    def contributions(self, signals: Mapping[str, float]) -> dict[str, float]:
        """Return what each signal adds to the logit."""
        return {name: weight * signals[name] for name, weight in self.weights.items()}


def confidence_model() -> ConfidenceModel:
    """Return the model of whether the question is answered; `bench/train_confidence.py` makes both."""
    return _model("answered")


def topic_model() -> ConfidenceModel:
    """Return the model of whether the passages are about the question at all."""
    return _model("about")


@cache
def _model(name: str) -> ConfidenceModel:
    """Return a model of the file that ships with the package. Raises `ConfigError` where it is broken."""
    try:
        stored = json.loads(files("rag.answer").joinpath(FILE).read_text("utf-8"))[name]
        weights = {signal: float(weight) for signal, weight in stored["weights"].items()}
        return ConfidenceModel(weights=weights, bias=float(stored["bias"]), least=float(stored["least"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            f"the weights in `rag/answer/{FILE}` cannot be read ({error}); install `huwen` again"
        ) from error
