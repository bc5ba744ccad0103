"""Whether a claim asserts what its source asserts: up or down, said or denied, allowed or forbidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.text.direction import opposed
from rag.text.tokens import index_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.answer.entail.reading import Reading, Source
    from rag.text.direction import Stance

OPPOSED = "opposite_of_source"
# Of a clause's tokens, how many a clause of the source must share to be the one that the claim repeats.
SAME_CLAUSE = 0.5


def stance_problems(claim: Reading, sources: Sequence[Source]) -> Iterator[str]:
    """Yield the claim's clauses that turn round what the source clause nearest to them says."""
    rows = [(stance, _tokens(source.reading, stance)) for source in sources for stance in source.reading.stances]
    for stance in claim.stances:
        tokens = _tokens(claim, stance)
        near = [(len(tokens & other) / len(tokens), found) for found, other in rows] if tokens else []
        best = max((share for share, _ in near), default=0.0)
        if best >= SAME_CLAUSE and all(opposed(stance, found) for share, found in near if share == best):
            yield f"{OPPOSED}: {claim.quoted(stance.span)}"


def _tokens(reading: Reading, stance: Stance) -> frozenset[str]:
    return frozenset(index_tokens(reading.quoted(stance.span)))
