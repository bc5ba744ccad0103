"""The training loop: symmetric InfoNCE over batches of one kind, updating only the rows that a batch uses."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from embeddings.train.bags import gather, weights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from scipy import sparse

    from embeddings.train.pairs import Source

TEMPERATURE = 0.05
REPORT_EVERY = 200
TINY = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How long and how fast; the rate falls linearly to a tenth."""

    steps: int
    batch: int
    rate: float
    seed: int


def train(
    vectors: NDArray[np.float32], sources: Mapping[str, tuple[float, Source]], *, schedule: Schedule
) -> NDArray[np.float32]:
    """Return trained vectors. `sources` gives each kind of batch its share of the steps."""
    rng = np.random.default_rng(schedule.seed)
    table = torch.from_numpy(vectors.copy())
    squares = torch.zeros(len(table))
    names = list(sources)
    shares = np.array([sources[name][0] for name in names])
    losses: dict[str, list[float]] = {name: [] for name in names}
    started = time.monotonic()
    for step in range(schedule.steps):
        name = names[int(rng.choice(len(names), p=shares / shares.sum()))]
        queries, documents = sources[name][1].draw(schedule.batch, rng)
        sides = [weights(gather(side), pieces=len(table)) for side in (queries, documents)]
        rate = schedule.rate * (1.0 - 0.9 * step / schedule.steps)
        losses[name].append(_update(table, squares, sides, rate=rate))
        if (step + 1) % REPORT_EVERY == 0:
            _report(step + 1, losses, seconds=time.monotonic() - started)
    return table.numpy()


def _update(table: torch.Tensor, squares: torch.Tensor, sides: list[sparse.csr_matrix], *, rate: float) -> float:
    """Take one step of row-wise Adagrad on the rows in use; return the loss."""
    used = np.unique(np.concatenate([side.indices for side in sides]))
    place = torch.from_numpy(used)
    rows = table[place].requires_grad_()
    left, right = (_embed(side, used, rows) for side in sides)
    loss = _loss(left, right)
    (gradient,) = torch.autograd.grad(loss, rows)
    squares[place] += gradient.square().mean(dim=1)
    table[place] -= rate * gradient / (squares[place].sqrt() + TINY)[:, None]
    return float(loss.detach())


def _embed(side: sparse.csr_matrix, used: NDArray[np.int32], rows: torch.Tensor) -> torch.Tensor:
    local = torch.from_numpy(np.searchsorted(used, side.indices))
    offsets = torch.from_numpy(side.indptr[:-1].astype(np.int64))
    values = torch.from_numpy(side.data)
    pooled = functional.embedding_bag(local, rows, offsets, mode="sum", per_sample_weights=values)
    return functional.normalize(pooled, dim=1)


def _loss(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    scores = left @ right.T / TEMPERATURE
    target = torch.arange(len(left))
    return (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2


def _report(step: int, losses: dict[str, list[float]], *, seconds: float) -> None:
    means = "  ".join(f"{name} {np.mean(values[-20:]):.3f}" for name, values in losses.items() if values)
    print(f"step {step}  {seconds:.0f} s  {means}", flush=True)
