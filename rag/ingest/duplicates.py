"""Articles that tell one story: groups by shared shingles of their folded text, and what differs inside a group.

Pure functions over articles; nothing is dropped or merged here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from rag.ingest.shingles import containment, sample, shingles
from rag.text.normalise import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from rag.types import Article

# Shares of the shorter article's shingles that the longer one holds, and of the longer one's length that the shorter
# one has. The second keeps a digest, which quotes whole articles, out of their groups.
MIN_CONTAINMENT = 0.6
MIN_LENGTH_SHARE = 0.5
# A body shorter than this is too little to tell a story by.
SHORTEST_STORY = 60
# A shingle that more articles hold is a phrase of the trade, and a pair with fewer shared samples is no candidate.
COMMONEST = 50
MIN_SHARED_SAMPLES = 2
# Codes of articles that speak of many stories, or of one in half a sentence.
NEVER_GROUPED = frozenset({"digest", "teaser", "content_missing"})

_WORDS = re.compile(r"[\W_]+")


def folded_body(text: str) -> str:
    """Return what two prints of one text share: letters, characters and digits, folded, without marks and blanks."""
    return _WORDS.sub("", fold(text))


def story_groups(articles: Sequence[Article]) -> tuple[tuple[str, ...], ...]:
    """Return ids of articles that tell one story, groups of two and more, in the articles' order.

    Costs a pass over all texts, a sort of one in `shingles.SAMPLE_EVERY` of their shingles, and a full comparison of
    the few pairs that share samples.
    """
    stories = [row for row in articles if not NEVER_GROUPED & set(row.flags)]
    bodies = [folded_body(row.text) for row in stories]
    leader = list(range(len(stories)))
    for first, second in _candidates([sample(body) for body in bodies]):
        if _leader(leader, first) != _leader(leader, second) and _is_one_story(bodies[first], bodies[second]):
            leader[_leader(leader, second)] = _leader(leader, first)
    groups: dict[int, list[str]] = {}
    for at, row in enumerate(stories):
        groups.setdefault(_leader(leader, at), []).append(row.article_id)
    return tuple(tuple(ids) for ids in groups.values() if len(ids) > 1)


def _candidates(samples: Sequence[NDArray[np.uint64]]) -> Iterator[tuple[int, int]]:
    """Yield pairs of places that share enough samples, in order."""
    owners = np.repeat(np.arange(len(samples)), [len(row) for row in samples])
    hashes = np.concatenate(samples) if samples else np.empty(0, np.uint64)
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    runs = np.flatnonzero(np.diff(hashes, prepend=hashes[:1] + np.uint64(1), append=hashes[-1:] + np.uint64(1)))
    shared: dict[tuple[int, int], int] = {}
    for start, end in zip(runs[:-1].tolist(), runs[1:].tolist(), strict=True):
        if 1 < end - start <= COMMONEST:
            holders = owners[start:end].tolist()
            for number, first in enumerate(holders):
                for second in holders[number + 1 :]:
                    shared[first, second] = shared.get((first, second), 0) + 1
    yield from sorted(pair for pair, count in shared.items() if count >= MIN_SHARED_SAMPLES)


def _is_one_story(first: str, second: str) -> bool:
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) < max(SHORTEST_STORY, MIN_LENGTH_SHARE * len(longer)):
        return False
    return containment(shingles(shorter), shingles(longer)) >= MIN_CONTAINMENT


def _leader(leaders: list[int], at: int) -> int:
    while leaders[at] != at:
        leaders[at] = leaders[leaders[at]]
        at = leaders[at]
    return at
