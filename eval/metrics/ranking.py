"""Retrieval measured on pages: recall@k, MRR, nDCG. Ranks count from 1."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.result import Passage

Groups = tuple[tuple[str, ...], ...]


def page_recall(passages: Sequence[Passage], *, gold: Groups, k: int) -> float | None:
    """Return |gold groups with a page among the first k passages| / |gold groups|; `None` without gold.

    Recall at a cut-off (Manning et al. 2008, section 8.4) with a group of interchangeable pages as the relevant unit.
    """
    if not gold:
        return None
    top = passages[:k]
    return sum(any(_hits(passage, group=group) for passage in top) for group in gold) / len(gold)


def reciprocal_rank(passages: Sequence[Passage], *, gold: Groups, k: int) -> float | None:
    """Return 1 / the rank of the first passage of any gold page within the first k, else 0; `None` without gold.

    Mean over questions: MRR@k (Voorhees 1999).
    """
    if not gold:
        return None
    ranks = (
        rank for rank, passage in enumerate(passages[:k], start=1) if any(_hits(passage, group=row) for row in gold)
    )
    first = next(ranks, None)
    return 0.0 if first is None else 1 / first


def ndcg(passages: Sequence[Passage], *, gold: Groups, k: int) -> float | None:
    """Return sum of rel(r) / log2(r + 1) over ranks r <= k, divided by its greatest possible value.

    `None` without gold. rel is 1 for the first passage of a gold group and 0 for a further passage of a group already
    found, so that two passages of one page earn once (Järvelin and Kekäläinen 2002, binary gains).
    """
    if not gold:
        return None
    gain, open_groups = 0.0, set(range(len(gold)))
    for rank, passage in enumerate(passages[:k], start=1):
        found = next((row for row in sorted(open_groups) if _hits(passage, group=gold[row])), None)
        if found is not None:
            open_groups.remove(found)
            gain += 1 / math.log2(rank + 1)
    return gain / sum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(gold)) + 1))


def _hits(passage: Passage, *, group: tuple[str, ...]) -> bool:
    return any(passage.is_of(page) for page in group)
