"""Keeps one article, or one story told twice, from filling the top of a ranking."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.retrieve.ranking import ranked
from rag.text.normalise import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.types import Chunk

FREE_CHUNKS_OF_ONE_ARTICLE = 2
# What each further chunk of the same article keeps of its score: it stays in front only of clearly weaker articles.
FURTHER_CHUNK = 0.75
SHINGLE_CHARS = 8
# Of the shorter text's shingles, how many the longer must hold for both to tell the same.
SAME_CONTAINMENT = 0.7

_NO_LETTER = re.compile(r"[\W_]+")


def spread(scored: Sequence[tuple[Chunk, float]], *, k: int) -> list[tuple[Chunk, float]]:
    """Return at most k of the chunks, best first by a score that falls with each chunk of an article after the second."""
    counts: dict[str, int] = {}
    scores: dict[str, float] = {}
    for chunk, score in scored:
        further = max(0, counts.get(chunk.article_id, 0) + 1 - FREE_CHUNKS_OF_ONE_ARTICLE)
        counts[chunk.article_id] = counts.get(chunk.article_id, 0) + 1
        scores[chunk.chunk_id] = score * FURTHER_CHUNK**further
    by_id = {chunk.chunk_id: chunk for chunk, _ in scored}
    return [(by_id[chunk_id], score) for chunk_id, score in ranked(scores)[:k]]


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
    letters = _NO_LETTER.sub("", fold(text))
    return frozenset(letters[at : at + SHINGLE_CHARS] for at in range(len(letters) - SHINGLE_CHARS + 1))
