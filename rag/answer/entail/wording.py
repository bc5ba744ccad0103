"""How much of a claim's wording its sources hold, and which stretches of it they do not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.text.normalise import fold
from rag.text.sentences import clause_spans
from rag.text.tokens import index_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.types import Passage

_PERCENT = re.compile(r"(?<=\d)\s?per ?cent\b")
_HAN = re.compile("[㐀-鿿]+")
# The outermost quotation: what stands between the first mark that opens and the last that closes.
_QUOTATION = re.compile('[“"](.+)[”"]', re.DOTALL)


def held_share(text: str, held: str) -> float:
    """Return the share, 0 to 1, of the claim's characters and words that stand in `held`."""
    mask = held_mask(text, held)
    return sum(mask) / len(mask) if mask else 1.0


def held_mask(text: str, held: str) -> list[bool]:
    """Return, for each Han character and each other token of the claim, whether `held` has it beside a neighbour."""
    tokens = frozenset(index_tokens(held))
    found: list[bool] = []
    for run in re.finditer("[㐀-鿿]+|[^㐀-鿿\\s]+", fold(text)):
        pieces = index_tokens(run[0])
        if _HAN.match(run[0]) and len(run[0]) > 1:
            pairs = [pair in tokens for pair in pieces]
            found += [any(pairs[max(at - 1, 0) : at + 1]) for at in range(len(run[0]))]
        elif _HAN.match(run[0]):
            found.append(run[0] in held)
        else:
            found += [piece in tokens for piece in dict.fromkeys(pieces)]
    return found


def bare(text: str) -> str:
    """Return the folded text without punctuation and blanks, for comparing what is said and not how it is set."""
    return "".join(char for char in _PERCENT.sub("%", fold(text)) if char.isalnum() or char in "%.")


def without_quotations(text: str, passages: Sequence[Passage]) -> str:
    """Return the claim without the quotations that a passage holds word for word, and without their marks."""
    held = [bare(passage.text) for passage in passages]
    return _QUOTATION.sub(lambda found: " " if any(bare(found[1]) in row for row in held) else found[0], text)


def is_verbatim(text: str, passages: Sequence[Passage]) -> bool:
    """Tell whether the claim is a run of whole clauses of one passage, word for word."""
    return any(_is_run_of_clauses(bare(text), passage.text) for passage in passages)


def _is_run_of_clauses(claim: str, text: str) -> bool:
    pieces = [bare(text[span.start : span.end]) for span in clause_spans(text)]
    starts = [0]
    for piece in pieces:
        starts.append(starts[-1] + len(piece))
    whole, borders = "".join(pieces), frozenset(starts)
    at = whole.find(claim)
    while at >= 0:
        if at in borders and at + len(claim) in borders:
            return True
        at = whole.find(claim, at + 1)
    return False
