"""Token ids of many texts in one flat array, and the sparse weights that pooling gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bags:
    """The ids of text `i` are `flat[bounds[i]:bounds[i + 1]]`."""

    flat: NDArray[np.int32]
    bounds: NDArray[np.int64]

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self.bounds) - 1

    def __getitem__(self, at: int) -> NDArray[np.int32]:
        """Return the ids of one text."""
        return self.flat[self.bounds[at] : self.bounds[at + 1]]


def tokenise(tokenizer: Tokenizer, texts: Sequence[str]) -> Bags:
    """Return the ids of folded texts."""
    parts: list[NDArray[np.int32]] = []
    for start in range(0, len(texts), BATCH):
        encodings = tokenizer.encode_batch_fast(list(texts[start : start + BATCH]))
        parts.extend(np.array(encoding.ids, dtype=np.int32) for encoding in encodings)
    return gather(parts)


def gather(parts: Sequence[NDArray[np.int32]]) -> Bags:
    """Return the lists of ids as one value."""
    lengths = np.fromiter((len(part) for part in parts), dtype=np.int64, count=len(parts))
    flat = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)
    return Bags(flat=flat, bounds=np.concatenate(([0], np.cumsum(lengths))))


def weights(bags: Bags, *, pieces: int) -> sparse.csr_matrix:
    """Return the weight of each piece in each text, `1 + ln(occurrences)`, of shape (texts, pieces)."""
    owner = np.repeat(np.arange(len(bags)), np.diff(bags.bounds))
    keys, counts = np.unique(owner * pieces + bags.flat, return_counts=True)
    values = (1.0 + np.log(counts)).astype(np.float32)
    return sparse.csr_matrix((values, (keys // pieces, keys % pieces)), shape=(len(bags), pieces))
