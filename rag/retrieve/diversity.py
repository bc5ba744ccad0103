"""Keeps one article, or one story told twice, from filling the top of a ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.text.normalise import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rag.types import Chunk

MAX_CHUNKS_OF_ONE_ARTICLE = 2
SHINGLE_CHARS = 8
# Of the shorter text's shingles, how many the longer must hold for both to tell the same.
SAME_CONTAINMENT = 0.7


def spread(chunks: Sequence[Chunk], *, k: int) -> list[Chunk]:
    """Return at most k chunks in order, at most two of one article while others are left to fill the places."""
    taken: list[Chunk] = []
    spare: list[Chunk] = []
    counts: dict[str, int] = {}
    for chunk in chunks:
        counts[chunk.article_id] = counts.get(chunk.article_id, 0) + 1
        (taken if counts[chunk.article_id] <= MAX_CHUNKS_OF_ONE_ARTICLE else spare).append(chunk)
    return [*taken, *spare][:k]


def collapse(chunks: Sequence[Chunk]) -> list[tuple[Chunk, tuple[str, ...]]]:
    """Return the chunks without near-duplicates from other articles, each with the article ids it stands for.

    Two chunks tell the same when the shorter's character shingles (width, case and punctuation folded) are contained in
    the longer's; the higher-ranked stays.
    """
    kept: list[tuple[Chunk, frozenset[str], list[str]]] = []
    for chunk in chunks:
        shingles = _shingles(chunk.text)
        twin = next((row for row in kept if _same(row[0], row[1], chunk, shingles)), None)
        if twin is None:
            kept.append((chunk, shingles, []))
        elif chunk.article_id not in twin[2]:
            twin[2].append(chunk.article_id)
    return [(chunk, tuple(also)) for chunk, _, also in kept]


def _same(kept: Chunk, kept_shingles: frozenset[str], chunk: Chunk, shingles: frozenset[str]) -> bool:
    smaller = min(len(kept_shingles), len(shingles))
    if kept.article_id == chunk.article_id or smaller == 0:
        return False
    return len(kept_shingles & shingles) >= SAME_CONTAINMENT * smaller


def _shingles(text: str) -> frozenset[str]:
    letters = "".join(_letters(fold(text)))
    return frozenset(letters[at : at + SHINGLE_CHARS] for at in range(len(letters) - SHINGLE_CHARS + 1))


def _letters(text: str) -> Iterable[str]:
    return (char for char in text if char.isalnum())
