"""Which words of two languages stand for each other, learned from sentences and their translations.

IBM model 1 (Brown et al., 1993) by expectation maximisation, every pair of sentences with a weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Shares = dict[tuple[str, str], float]

ROUNDS = 6
# A pair that meets less often, in weight, is chance; one with a smaller share is another word's.
FEWEST_TOGETHER, LEAST_ALIGNED = 1.2, 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """Distinct words of a text and of its translation, and what the pair weighs."""

    english: tuple[str, ...]
    chinese: tuple[str, ...]
    weight: float = 1.0


def aligned(rows: Iterable[Translated]) -> Shares:
    """Return (English, Chinese) pairs with the geometric mean of their shares in both directions."""
    kept = [row for row in rows if row.english and row.chinese]
    weights = np.array([row.weight for row in kept])
    english, chinese = [row.english for row in kept], [row.chinese for row in kept]
    forward = _model_1(english, chinese, weights=weights)
    backward = _model_1(chinese, english, weights=weights)
    shared = {(en, zh): (share * backward.get((zh, en), 0.0)) ** 0.5 for (en, zh), share in forward.items()}
    return {pair: share for pair, share in shared.items() if share >= LEAST_ALIGNED}


def _model_1(
    sources: Sequence[Sequence[str]], targets: Sequence[Sequence[str]], *, weights: NDArray[np.float64]
) -> Shares:
    """Return t(target | source) of pairs that meet often enough."""
    left, right = _numbered(sources), _numbered(targets)
    sentence, source, target = _met(
        [[left[word] for word in row] for row in sources], [[right[word] for word in row] for row in targets]
    )
    pairs, place = np.unique(source * len(right) + target, return_inverse=True)
    _, slot = np.unique(sentence * len(right) + target, return_inverse=True)
    heavy = weights[sentence]
    together = np.bincount(place, weights=heavy)
    owner = pairs // len(right)
    shares = np.ones(len(pairs))
    for _ in range(ROUNDS):
        expected = shares[place]
        expected *= heavy / np.bincount(slot, weights=expected)[slot]
        counted = np.bincount(place, weights=expected, minlength=len(pairs))
        shares = counted / np.bincount(owner, weights=counted, minlength=len(left))[owner]
    words, others = list(left), list(right)
    kept = np.flatnonzero((together >= FEWEST_TOGETHER) & (shares >= LEAST_ALIGNED / 4))
    return {(words[owner[at]], others[pairs[at] % len(right)]): float(shares[at]) for at in kept}


def _numbered(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for row in rows:
        for word in row:
            numbers.setdefault(word, len(numbers))
    return numbers


def _met(
    sources: Sequence[Sequence[int]], targets: Sequence[Sequence[int]]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return sentence, source and target of every pair of words that stand in one pair of sentences."""
    left = [np.repeat(np.array(row, dtype=np.int64), len(other)) for row, other in zip(sources, targets, strict=True)]
    right = [np.tile(np.array(other, dtype=np.int64), len(row)) for row, other in zip(sources, targets, strict=True)]
    sentence = np.repeat(np.arange(len(left)), [len(row) for row in left])
    return sentence, np.concatenate(left), np.concatenate(right)
