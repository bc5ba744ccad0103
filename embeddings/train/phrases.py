"""Finds words that no dictionary has: runs of Han characters that hold together and meet many neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    Codes: TypeAlias = NDArray[np.int64]

FIRST, LAST = 0x4E00, 0x9FFF
BITS = 15  # a Han character fits; four of them fit in one integer
LONGEST = 3
MIN_COUNT = 25
MIN_COHESION = 40.0  # times as often as its two halves would meet by chance
MIN_ENTROPY = 1.6  # nats, of the character before and of the one after


def find_phrases(texts: Sequence[str]) -> list[str]:
    """Return new-word candidates of two or three characters, in code point order."""
    codes = _codes(texts)
    counts = {size: np.unique(_keys(codes, size), return_counts=True) for size in range(1, LONGEST + 1)}
    found: list[str] = []
    for size in range(2, LONGEST + 1):
        keys, times = counts[size]
        frequent = times >= MIN_COUNT
        keys, times = keys[frequent], times[frequent]
        held = _cohesion(keys, times, size=size, counts=counts) >= MIN_COHESION
        keys = keys[held]
        if not len(keys):
            continue
        free = np.minimum(*_neighbour_entropies(codes, keys, size=size)) >= MIN_ENTROPY
        found.extend(_spell(key, size) for key in keys[free].tolist())
    return sorted(found)


def _codes(texts: Sequence[str]) -> Codes:
    points = np.frombuffer("\n".join(texts).encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.int64)
    return np.where((points >= FIRST) & (points <= LAST), points - FIRST + 1, 0)


def _windows(codes: Codes, size: int) -> tuple[Codes, Codes]:
    """Return the key of every run of `size` Han characters, and where each begins."""
    length = len(codes) - size + 1
    keys = np.zeros(length, dtype=np.int64)
    whole = np.ones(length, dtype=bool)
    for offset in range(size):
        part = codes[offset : offset + length]
        keys = keys << BITS | part
        whole &= part > 0
    return keys[whole], np.flatnonzero(whole)


def _keys(codes: Codes, size: int) -> Codes:
    return _windows(codes, size)[0]


def _cohesion(keys: Codes, times: Codes, *, size: int, counts: dict[int, tuple[Codes, Codes]]) -> NDArray[np.float64]:
    """Return observed over expected frequency, at the cut where the two parts predict it best."""
    total = float(counts[1][1].sum())
    least = np.full(len(keys), np.inf)
    for cut in range(1, size):
        shift = BITS * (size - cut)
        left = _look_up(keys >> shift, *counts[cut])
        right = _look_up(keys & ((1 << shift) - 1), *counts[size - cut])
        least = np.minimum(least, times * total / (left * right))
    return least


def _look_up(keys: Codes, known: Codes, times: Codes) -> NDArray[np.float64]:
    return times[np.searchsorted(known, keys)].astype(np.float64)


def _neighbour_entropies(codes: Codes, keys: Codes, *, size: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    seen, starts = _windows(codes, size)
    place = np.minimum(np.searchsorted(keys, seen), max(len(keys) - 1, 0))
    hit = keys[place] == seen
    place, starts = place[hit], starts[hit]
    before = codes[np.maximum(starts - 1, 0)]
    after = codes[np.minimum(starts + size, len(codes) - 1)]
    return _entropy(place, before, rows=len(keys)), _entropy(place, after, rows=len(keys))


def _entropy(place: Codes, neighbour: Codes, *, rows: int) -> NDArray[np.float64]:
    """Return each row's entropy over its neighbours; the edge of a run counts as a neighbour of its own."""
    pairs, times = np.unique(place << BITS | neighbour, return_counts=True)
    row = pairs >> BITS
    totals = np.bincount(row, weights=times, minlength=rows)
    share = times / totals[row]
    entropy = np.bincount(row, weights=-share * np.log(share), minlength=rows)
    return entropy.astype(np.float64)


def _spell(key: int, size: int) -> str:
    places = (key >> BITS * (size - 1 - at) & ((1 << BITS) - 1) for at in range(size))
    return "".join(chr(FIRST + place - 1) for place in places)
