"""A learned scorer of sentences; its weights are in a file beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from rag.answer.features import FEATURES
from rag.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

FILE = "sentences.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorer:
    """Adds to a weighted sum of the features what a few units make of them together: `straight` + `out` * tanh(`into`).

    `straight` has shape (FEATURES,), `into` (FEATURES, units), `bias` and `out` (units,).
    """

    straight: NDArray[np.float64]
    into: NDArray[np.float64]
    bias: NDArray[np.float64]
    out: NDArray[np.float64]

    def scores(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return for each row, of shape (sentences, FEATURES), its share of the softmax over all of them."""
        if not len(rows):
            return np.zeros(0)
        raw = self.raw(rows)
        powers = np.exp(raw - raw.max())
        found: NDArray[np.float64] = powers / powers.sum()
        return found

    def raw(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the scores that the softmax is taken of."""
        found: NDArray[np.float64] = rows @ self.straight + np.tanh(rows @ self.into + self.bias) @ self.out
        return found

    def reasons(self, row: Sequence[float], *, usual: Sequence[float]) -> dict[str, float]:
        """Return what each feature adds to a sentence's score over its `usual` value, the greatest first."""
        given = np.array(row)
        without = np.tile(given, (len(given), 1))
        np.fill_diagonal(without, usual)
        added = self.raw(given[None, :])[0] - self.raw(without)
        found = {name: round(float(value), 3) for name, value in zip(FEATURES, added, strict=True)}
        return dict(sorted(found.items(), key=lambda pair: (-abs(pair[1]), pair[0])))


@cache
def load_scorer() -> Scorer:
    """Return the scorer with the weights that ship with the package. Raises `ConfigError`."""
    try:
        stored = json.loads(files("rag.answer").joinpath(FILE).read_text("utf-8"))["weights"]
        return Scorer(
            straight=np.array([float(stored["straight"][name]) for name in FEATURES]),
            into=np.array([[float(value) for value in stored["into"][name]] for name in FEATURES]),
            bias=np.array([float(value) for value in stored["bias"]]),
            out=np.array([float(value) for value in stored["out"]]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"the weights in `rag/answer/{FILE}` cannot be read ({error}); install `huwen` again"
        ) from error


def stored(scorer: Scorer) -> Mapping[str, object]:
    """Return weights as the file holds them."""
    return {
        "straight": _named(scorer.straight.tolist()),
        "into": _named([[round(value, 3) for value in row] for row in scorer.into.tolist()]),
        "bias": [round(value, 3) for value in scorer.bias.tolist()],
        "out": [round(value, 3) for value in scorer.out.tolist()],
    }


def _named(values: Sequence[object]) -> dict[str, object]:
    rounded = [round(value, 4) if isinstance(value, float) else value for value in values]
    return dict(zip(FEATURES, rounded, strict=True))
