"""Shingles of a text as numbers: every run of a few characters, hashed alike on every machine; no text is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Characters of a shingle: long enough that two Chinese texts share few by chance, short enough to survive edits.
LENGTH = 8
# One shingle in so many is a sample: the same ones in every text, so that samples can be compared.
SAMPLE_EVERY = 8

_FACTOR = 0x9E3779B97F4A7C15
_MIX_1, _MIX_2 = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def shingles(text: str) -> NDArray[np.uint64]:
    """Return the distinct shingles of a text, sorted; none of a text shorter than one."""
    return np.unique(_hashes(text))


def sample(text: str) -> NDArray[np.uint64]:
    """Return the shingles of a text that are samples, sorted."""
    rows = _hashes(text)
    return np.unique(rows[rows % np.uint64(SAMPLE_EVERY) == 0])


def containment(shorter: NDArray[np.uint64], longer: NDArray[np.uint64]) -> float:
    """Return the share of the first text's shingles that the second holds; 0 where the first has none."""
    if not len(shorter):
        return 0.0
    return float(np.isin(shorter, longer, assume_unique=True).sum()) / len(shorter)


def _hashes(text: str) -> NDArray[np.uint64]:
    codes = np.frombuffer(text.encode("utf-32-le", errors="replace"), dtype="<u4").astype(np.uint64)
    hashes = np.zeros(max(len(codes) - LENGTH + 1, 0), np.uint64)
    for at in range(LENGTH if len(hashes) else 0):
        hashes = hashes * np.uint64(_FACTOR) + codes[at : at + len(hashes)]
    return _mixed(hashes)


def _mixed(rows: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread the bits as splitmix64 does (Steele, Lea and Flood, 2014)."""
    rows = (rows ^ (rows >> np.uint64(30))) * np.uint64(_MIX_1)
    rows = (rows ^ (rows >> np.uint64(27))) * np.uint64(_MIX_2)
    return rows ^ (rows >> np.uint64(31))
