"""Why each passage was found: the words that match, the scores of the arms, what each feature adds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.retrieve.rerank import LearnedReranker
from rag.search_types import HitExplanation, SearchExplanation
from rag.text.normalise import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rag.retrieve.hybrid import HybridRetriever
    from rag.search_types import Query
    from rag.types import Passage, Question

_PIECE = re.compile(r"[㐀-鿿]+|[a-z0-9][a-z0-9.%/'-]*")
_HAN = re.compile(r"[㐀-鿿]")
# A single character in common says nothing.
SHORTEST = 2


def explained(retriever: HybridRetriever, question: Question, passages: Sequence[Passage]) -> SearchExplanation:
    """Return why the passages were found; searches once more, so that a search that nobody asks about stays fast."""
    search = retriever.gathered(question, k=max(len(passages), 1))
    features: dict[str, Mapping[str, float]] = {}
    if isinstance(retriever.reranker, LearnedReranker):
        contributions = retriever.reranker.explained(search.asked, search.candidates)
        features = {row.chunk.chunk_id: parts for row, parts in zip(search.candidates, contributions, strict=True)}
    arms = {row.chunk.chunk_id: row.hit.arms for row in search.candidates}
    return SearchExplanation(
        asked=search.asked,
        hits={
            row.chunk_id: HitExplanation(
                matched=tuple(matched(search.queries, f"{row.header}\n{row.text}")),
                arms=arms.get(row.chunk_id, {}),
                features=features.get(row.chunk_id, {}),
            )
            for row in passages
        },
    )


def matched(queries: Sequence[Query], text: str) -> list[str]:
    """Return the longest pieces of the queries that a text holds, folded, each once, in the order of the queries."""
    folded = fold(text)
    words = set(_PIECE.findall(folded))
    asked = (text for query in queries for text in _texts(query))
    found = (piece for text in asked for piece in _pieces(text, folded, words))
    return list(dict.fromkeys(found))


def _texts(query: Query) -> Iterator[str]:
    """Yield what a query looks for: its text, or every way of saying each of its words."""
    if query.groups:
        yield from (choice.text for group in query.groups for choice in group.choices)
    else:
        yield query.text


def _pieces(asked: str, text: str, words: set[str]) -> Iterator[str]:
    for run in _PIECE.findall(asked):
        if not _HAN.match(run):
            if run in words:
                yield run
            continue
        at = 0
        while at < len(run):
            length = next((size for size in range(len(run) - at, SHORTEST - 1, -1) if run[at : at + size] in text), 0)
            if length:
                yield run[at : at + length]
            at += length or 1
