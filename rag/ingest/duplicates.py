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
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rag.types import Article

# Shares of the shorter article's shingles that the longer one holds, and of the longer one's length that the shorter
# one has. The second keeps a digest, which quotes whole articles, out of their groups.
MIN_CONTAINMENT = 0.6
MIN_LENGTH_SHARE = 0.5
# A body shorter than this is too little to tell a story by.
SHORTEST_STORY = 60
# A pair that shares fewer samples, or a smaller share of the shorter one's, is not compared.
MIN_SHARED_SAMPLES = 2
MIN_SAMPLE_SHARE = 0.2
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


def _candidates(samples: Sequence[NDArray[np.uint64]]) -> list[tuple[int, int]]:
    """Return pairs of places that share enough samples, in order.

    Of the holders of a sample only neighbours are paired, so that a phrase of the trade costs no square of them; two
    prints of one story are neighbours in the samples that only they have.
    """
    sizes = np.array([len(row) for row in samples], np.int64)
    owners = np.repeat(np.arange(len(samples)), sizes)
    hashes = np.concatenate(samples) if samples else np.empty(0, np.uint64)
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    is_shared = hashes[1:] == hashes[:-1]
    keys, counts = np.unique(owners[:-1][is_shared] * len(samples) + owners[1:][is_shared], return_counts=True)
    first, second = np.divmod(keys, max(len(samples), 1))
    enough = np.maximum(MIN_SHARED_SAMPLES, MIN_SAMPLE_SHARE * np.minimum(sizes[first], sizes[second]))
    is_pair = counts >= enough
    return list(zip(first[is_pair].tolist(), second[is_pair].tolist(), strict=True))


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
