"""Two small whole numbers in a byte: how the model's rows are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LIMIT = 7
ZERO = 8  # the nibble that stands for 0
LOW = 15


def pack(rows: NDArray[np.int8]) -> NDArray[np.uint8]:
    """Return rows of half the (even) length; a byte holds component `i` low and component `i + length / 2` high."""
    shifted = (rows + ZERO).astype(np.uint8)
    half = rows.shape[1] // 2
    return (shifted[:, :half] | shifted[:, half:] << 4).astype(np.uint8)


def unpack(packed: NDArray[np.uint8]) -> NDArray[np.int8]:
    """Return what `pack` was given."""
    return np.concatenate((packed & LOW, packed >> 4), axis=1).view(np.int8) - np.int8(ZERO)
