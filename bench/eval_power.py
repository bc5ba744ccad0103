"""How often the gate cries wolf and how small a drop it sees, by simulation: `python bench/eval_power.py [TRIALS]`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np

from eval.compare import GATING
from eval.gate import TOLERATED_DROP
from eval.significance import ALPHA, bootstrap_test, holm, losses_to_fail, sign_test, signs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

TRIALS = 200
SIZES = (100, 240, 400)
DROPS = (0.0, 0.03, 0.05, 0.08)
ACCURACY, NOISE, CLUSTER = 0.70, 0.10, 3
SEED = 7


def answers(random: np.random.Generator, truth: Numbers) -> Numbers:
    """Return one run: the truth with a tenth of the questions drawn anew, as a model's temperature would."""
    anew = random.random(len(truth)) < NOISE
    return np.where(anew, random.random(len(truth)) < ACCURACY, truth).astype(np.float64)


def worse(random: np.random.Generator, truth: Numbers, drop: float) -> Numbers:
    """Return the truth with so many points of right questions turned wrong."""
    lost = random.random(len(truth)) < drop / ACCURACY
    return np.where(lost, 0.0, truth)


def truths(random: np.random.Generator, size: int) -> Numbers:
    """Return which questions are right: those of one article cluster tend to be so together."""
    ease = np.repeat(random.beta(3.5, 1.5, size=-(-size // CLUSTER)), CLUSTER)[:size]
    return (random.random(size) < ease).astype(np.float64)


def fails_with_model(random: np.random.Generator, size: int, drop: float, trial: int) -> bool:
    """Tell whether Holm over the four gating metrics rejects; all four fall by the drop and are noisy on their own."""
    clusters = [str(place // CLUSTER) for place in range(size)]
    truth = truths(random, size)
    later = worse(random, truth, drop)
    values = {
        name: bootstrap_test(list(answers(random, later) - answers(random, truth)), clusters=clusters, seed=trial)
        for name in GATING
    }
    return min(holm(values).values()) < ALPHA


def fails_deterministic(random: np.random.Generator, size: int, drop: float, churn: float) -> bool:
    """Tell whether the sign test or the two-point rule rejects a change that also moves some answers to and fro."""
    truth = truths(random, size)
    moved = random.random(size) < churn
    later = worse(random, np.where(moved, random.random(size) < ACCURACY, truth).astype(np.float64), drop)
    difference = list(later - truth)
    return sign_test(signs(difference)) < ALPHA or float(np.mean(difference)) < -TOLERATED_DROP


def main(trials: int) -> None:
    """Print both tables."""
    print(f"{trials} trials; accuracy {ACCURACY}, {CLUSTER} questions an article cluster\n")
    print(f"language model, {NOISE:.0%} of the answers drawn anew in each run; share of trials that fail:")
    print(
        "| questions | " + " | ".join(f"drop {100 * drop:.0f}" for drop in DROPS) + " |\n|---:|" + "---:|" * len(DROPS)
    )
    for size in SIZES:
        random = np.random.default_rng(SEED)
        rates = [np.mean([fails_with_model(random, size, drop, trial) for trial in range(trials)]) for drop in DROPS]
        print(f"| {size} | " + " | ".join(f"{rate:.3f}" for rate in rates) + " |", flush=True)
    print("\ndeterministic; an unchanged system differs nowhere, so the first column is what a harmless change risks:")
    print("| questions | answers moved | " + " | ".join(f"drop {100 * drop:.0f}" for drop in DROPS) + " |")
    print("|---:|---:|" + "---:|" * len(DROPS))
    for size in SIZES:
        for churn in (0.0, 0.02, 0.05):
            random = np.random.default_rng(SEED)
            rates = [np.mean([fails_deterministic(random, size, drop, churn) for _ in range(trials)]) for drop in DROPS]
            print(f"| {size} | {churn:.0%} | " + " | ".join(f"{rate:.3f}" for rate in rates) + " |")
    print("\nlosses that fail against 0, 1, 2, 3, 4 wins:", [losses_to_fail(wins) for wins in range(5)])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TRIALS)
