"""What the liar handles: a true claim with what it cites, one change of a wording, and the false claim that it makes."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rag.types import Passage

LieKind = Literal[
    "digit",
    "unit",
    "scale",
    "period",
    "subject",
    "negation",
    "direction",
    "qualifier",
    "invented_source",
    "citation_off_by_one",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueClaim:
    """A sentence of `passages[cited]`, whole or in another form, as an answer to one question would cite it."""

    key: str
    form: str
    text: str
    passages: tuple[Passage, ...]
    cited: int

    @property
    def passage(self) -> Passage:
        """The passage that it is taken from."""
        return self.passages[self.cited]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`text[start:end]` of a claim becomes `now`. `proof` must stand nowhere in the passage for the claim to be false."""

    start: int
    end: int
    now: str
    proof: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lie:
    """A claim that its passage does not support: `was` became `now`, or the citation moved to `passages[cited]`."""

    kind: LieKind
    key: str
    text: str
    passages: tuple[Passage, ...]
    cited: int
    was: str
    now: str


def seeded(*parts: str) -> random.Random:
    """Return the source of chance for one claim; the same parts give the same lies in every process."""
    return random.Random("\n".join(parts))
