"""Characters that were typed for others that sound the same, mended where the index knows only the other spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.retrieve.homophones import homophones
from rag.search_types import Query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rag.retrieve.search import Search

# What a mended question weighs beside the question as it was typed, and how many slips are looked for.
MENDED, MOST_SLIPS = 0.95, 3
# In longer questions nobody looks for slips.
LONGEST = 200
NOWHERE = "\x00"
_RUN = re.compile("[㐀-鿿]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """Asks once more with slips mended. A character is one where none of its pairs with its neighbours occurs anywhere.

    `idf` weighs tokens by how rare they are; one that never occurs has the highest weight.
    """

    idf: Callable[[Sequence[str]], list[float]]

    def run(self, search: Search) -> Search:
        """Return the search with one more query, if something was mended."""
        asked = search.queries[0]
        text = self.mended(asked.text) if len(asked.text) <= LONGEST else asked.text
        if text == asked.text:
            return search
        return replace(search, queries=(*search.queries, Query(text=text, origin="mended", weight=MENDED)))

    def mended(self, text: str) -> str:
        """Return a folded text with its first slips mended."""
        (never,) = self.idf([NOWHERE])
        letters, mended = list(text), 0
        for run in _RUN.finditer(text):
            for at in self._strangers(run, never):
                better = self._instead("".join(letters), at, run, never)
                if better is not None and mended < MOST_SLIPS:
                    letters[at], mended = better, mended + 1
        return "".join(letters)

    def _strangers(self, run: re.Match[str], never: float) -> Iterator[int]:
        """Yield the places of the characters that the index knows beside neither of their neighbours."""
        word = run[0]
        known = [idf < never for idf in self.idf([word[at : at + 2] for at in range(len(word) - 1)])]
        beside = [False, *known, False]
        for at in range(len(word)):
            if not beside[at] and not beside[at + 1]:
                yield run.start() + at

    def _instead(self, text: str, at: int, run: re.Match[str], never: float) -> str | None:
        """Return the character that sounds alike and that the index knows best beside both neighbours."""
        before = text[at - 1] if at > run.start() else ""
        behind = text[at + 1] if at + 1 < run.end() else ""
        found: list[tuple[float, str]] = []
        for char in homophones(text[at]):
            weights = self.idf([pair for pair in (before + char, char + behind) if len(pair) > 1])
            if max(weights) < never:
                found.append((max(weights), char))
        return min(found)[1] if found else None
