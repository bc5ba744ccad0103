"""A chunk as the learned reranker reads it: folded once, cut into sentences, kept for the next question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.text.normalise import fold

if TYPE_CHECKING:
    from rag.search_types import Candidate

KEPT = 4096
_BORDER = re.compile(r"[。!?;\n]+")
_WORD = re.compile(r"[a-z0-9][a-z0-9.%/'-]*")
_DIVIDER = re.compile(r"[-/]")
# Stands around Latin words and numbers, so that a word is found and not a part of one.
EDGE = "\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A folded chunk; `edged` and `edged_header` have `EDGE` around their Latin words and numbers."""

    text: str
    header: str
    sentences: tuple[str, ...]
    edged: tuple[str, ...]
    edged_header: str


class Readings:
    """Keeps the readings of the last chunks. Safe to share between threads: at worst a chunk is read twice."""

    def __init__(self) -> None:
        self._kept: dict[str, Reading] = {}

    def of(self, candidate: Candidate) -> Reading:
        """Return a candidate's reading."""
        chunk = candidate.chunk
        found = self._kept.get(chunk.chunk_id)
        if found is None:
            found = read(chunk.text, header=chunk.header)
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[chunk.chunk_id] = found
        return found


def read(text: str, *, header: str) -> Reading:
    """Return the reading of a text under its header."""
    folded, head = fold(text), fold(header)
    sentences = tuple(row for row in _BORDER.split(folded) if row.strip()) or (folded,)
    return Reading(
        text=folded,
        header=head,
        sentences=sentences,
        edged=tuple(map(edged, sentences)),
        edged_header=edged(head),
    )


def edged(folded: str) -> str:
    """Return a folded text with `EDGE` around each Latin word and number, and around their parts."""
    return _WORD.sub(_edges, folded)


def _edges(match: re.Match[str]) -> str:
    word = match[0].rstrip(".'-/")
    parts = [part for part in _DIVIDER.split(word) if part] if "-" in word or "/" in word else []
    return EDGE.join(("", word, *parts, "")) + match[0][len(word) :]
