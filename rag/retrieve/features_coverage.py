"""How much of a question each candidate covers: its text, its header, its best sentences; all candidates at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rag.retrieve.rerank_question import HOLDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from rag.retrieve.rerank_question import Wanted, Wording
    from rag.retrieve.rerank_text import Reading

NAMES = (
    "covered",
    "covered_all",
    "covered_header",
    "covered_rare",
    "sentence",
    "two_sentences",
    "kind_near",
)


def best_coverage(wanted: Wanted, readings: Sequence[Reading]) -> dict[str, NDArray[np.float64]]:
    """Return each feature for every reading, of the way of asking that text and header cover best."""
    holds = _holding(wanted, readings)
    tables = [_covered(wording, readings, holds=holds) for wording in wanted.wordings]
    if not tables:
        return {name: np.zeros(len(readings)) for name in NAMES}
    best = np.argmax([table["covered_all"] for table in tables], axis=0)
    return {name: np.choose(best, [table[name] for table in tables]) for name in NAMES}


def _covered(
    wording: Wording, readings: Sequence[Reading], *, holds: NDArray[np.bool_]
) -> dict[str, NDArray[np.float64]]:
    header = _table([reading.edged_header for reading in readings], wording)
    table = _table([row for reading in readings for row in reading.edged], wording)
    counts = np.array([len(reading.sentences) for reading in readings])
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    text = np.logical_or.reduceat(table, starts, axis=0)
    pairs = table.copy()
    # Each sentence with the one behind it, unless that belongs to the next chunk.
    followed = np.ones(len(table), dtype=bool)
    followed[starts + counts - 1] = False
    inner = np.flatnonzero(followed)
    pairs[inner] |= table[inner + 1]
    near = holds.copy()
    near[inner] |= holds[inner + 1]
    shares = pairs @ wording.weights
    rare = wording.weights * wording.rare
    return {
        "covered": text @ wording.weights,
        "covered_all": (text | header) @ wording.weights,
        "covered_header": header @ wording.weights,
        "covered_rare": (text | header) @ rare / rare.sum(),
        "sentence": np.maximum.reduceat(table @ wording.weights, starts),
        "two_sentences": np.maximum.reduceat(shares, starts),
        "kind_near": np.maximum.reduceat(shares * near, starts),
    }


def _table(sentences: Sequence[str], wording: Wording) -> NDArray[np.bool_]:
    """Return which of the units (columns) each sentence (row) holds."""
    # One search through all of them is many times as fast as one through each.
    joined = "\n".join(sentences)
    starts = np.cumsum([0, *(len(sentence) + 1 for sentence in sentences[:-1])])
    table = np.zeros((len(sentences), len(wording.forms)), dtype=bool)
    for column, forms in enumerate(wording.forms):
        places = [place for form in dict.fromkeys(forms) for place in _places(form, joined)]
        if places:
            table[np.searchsorted(starts, places, side="right") - 1, column] = True
    return table if wording.starts is None else np.logical_or.reduceat(table, wording.starts, axis=1)


def _places(form: str, text: str) -> Iterator[int]:
    at = text.find(form)
    while at >= 0:
        yield at
        at = text.find(form, at + 1)


def _holding(wanted: Wanted, readings: Sequence[Reading]) -> NDArray[np.bool_]:
    """Return for each sentence whether it holds a kind that is asked for; all do where none is."""
    rows = [row for reading in readings for row in reading.sentences]
    if not wanted.kinds:
        return np.ones(len(rows), dtype=bool)
    patterns = [HOLDS[kind] for kind in wanted.kinds]
    return np.array([any(pattern.search(row) for pattern in patterns) for row in rows], dtype=bool)
