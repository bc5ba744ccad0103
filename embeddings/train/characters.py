"""Which simplified character each traditional one becomes, read off the dictionary's paired spellings."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embeddings.train.records import Entry


def simplification(entries: Sequence[Entry]) -> tuple[str, str]:
    """Return the traditional characters and, place for place, their simplified forms.

    A character that is more often simplified itself (么 in 什么, as well as the old form of 幺) is left alone.
    """
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        spelling = entry.traditional or entry.simplified
        if len(spelling) == len(entry.simplified):
            for old, new in zip(spelling, entry.simplified, strict=True):
                seen[old][new] += 1
    own = Counter(character for entry in entries for character in set(entry.simplified))
    usual = {old: max(sorted(forms), key=forms.__getitem__) for old, forms in seen.items()}
    changed = sorted((old, new) for old, new in usual.items() if old != new and own[old] < seen[old][new])
    return "".join(old for old, _ in changed), "".join(new for _, new in changed)
