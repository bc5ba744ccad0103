"""Different names of one thing: read from a table, applied to questions, never to articles."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from rag.text.normalise import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLE = "synonyms.txt"


@cache
def synonyms() -> Mapping[str, tuple[str, ...]]:
    """Map each folded name to the other names of its group."""
    lines = files("rag.retrieve").joinpath(TABLE).read_text("utf-8").splitlines()
    groups = [fold(line).split() for line in lines if line and not line.startswith("#")]
    table: dict[str, tuple[str, ...]] = {}
    for group in groups:
        for name in group:
            others = tuple(other for other in group if other != name)
            table[name] = table.get(name, ()) + others
    return table


def names_in(folded: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """Return (start, end, other names) of every name in a folded text, longest first where names overlap."""
    table = synonyms()
    found: list[tuple[int, int, tuple[str, ...]]] = []
    for name in sorted(table, key=lambda name: (-len(name), name)):
        at = _place(name, folded)
        if at >= 0 and not any(start < at + len(name) and at < end for start, end, _ in found):
            found.append((at, at + len(name), table[name]))
    return sorted(found)


def _place(name: str, folded: str) -> int:
    """Return where a name first stands, -1 where it does not; a Latin name is never part of a longer word."""
    at = folded.find(name)
    while at >= 0 and (_cuts_word(folded, at) or _cuts_word(folded, at + len(name))):
        at = folded.find(name, at + 1)
    return at


def _cuts_word(folded: str, at: int) -> bool:
    return 0 < at < len(folded) and all(char.isascii() and char.isalnum() for char in folded[at - 1 : at + 1])


def variants(folded: str) -> tuple[str, ...]:
    """Return the text as it is, then with every name replaced by the first, the second, ... of its other names."""
    names = names_in(folded)
    most = max((len(others) for _, _, others in names), default=0)
    return (folded, *(_replaced(folded, names, turn) for turn in range(most)))


def _replaced(folded: str, names: list[tuple[int, int, tuple[str, ...]]], turn: int) -> str:
    pieces, at = [], 0
    for start, end, others in names:
        pieces += [folded[at:start], others[min(turn, len(others) - 1)]]
        at = end
    return "".join([*pieces, folded[at:]])
