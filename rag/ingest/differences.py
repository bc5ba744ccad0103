"""What two prints of one story do not share: other spellings, and sentences that only one of them has."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from rag.text.normalise import fold
from rag.text.sentences import sentence_spans
from rag.types import Differences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.types import Article

# Two sentences this alike are one sentence, edited.
MIN_LIKENESS = 0.6
# A longer replacement is other wording, not another spelling.
LONGEST_SPELLING = 6

_MARKS = re.compile(r"[\W_]+")


def differences(first: Article, second: Article) -> Differences:
    """Return what differs between two articles, apart from marks, width and traditional characters.

    Costs a comparison of each pair of sentences that only one of them has.
    """
    here, there = _sentences(first.text), _sentences(second.text)
    known_here, known_there = {bare for bare, _ in here}, {bare for bare, _ in there}
    # A sentence that the other holds as part of a longer one, split elsewhere, is no difference.
    whole_here, whole_there = "".join(bare for bare, _ in here), "".join(bare for bare, _ in there)
    left = [row for row in here if row[0] not in known_there and row[0] not in whole_there]
    right = [row for row in there if row[0] not in known_here and row[0] not in whole_here]
    pairs = list(_pairs(left, right))
    return Differences(
        first=first.article_id,
        second=second.article_id,
        spellings=tuple(dict.fromkeys(row for one, other in pairs for row in _spellings(one[0], other[0]))),
        edited=tuple((one[1], other[1]) for one, other in pairs),
        only_first=tuple(row[1] for row in left if all(row is not one for one, _ in pairs)),
        only_second=tuple(row[1] for row in right if all(row is not other for _, other in pairs)),
    )


# A sentence as it is compared, and as it is written.
_Sentence = tuple[str, str]


def _sentences(text: str) -> list[_Sentence]:
    written = [text[span.start : span.end] for span in sentence_spans(text)]
    return [(bare, row) for row in written if (bare := _MARKS.sub("", fold(row)))]


def _pairs(left: Sequence[_Sentence], right: Sequence[_Sentence]) -> Iterator[tuple[_Sentence, _Sentence]]:
    """Yield each left sentence with the most alike right one that no earlier sentence took."""
    free = list(right)
    for row in left:
        scored = [(_likeness(row[0], other[0]), -at) for at, other in enumerate(free)]
        best, place = max(scored, default=(0.0, 0))
        if best >= MIN_LIKENESS:
            yield row, free.pop(-place)


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < MIN_LIKENESS or matcher.quick_ratio() < MIN_LIKENESS:
        return 0.0
    return matcher.ratio()


def _spellings(one: str, other: str) -> Iterator[tuple[str, str]]:
    """Yield replaced words with the character before them, which makes a name of a single character."""
    for change, start, end, begin, stop in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if change == "replace" and max(end - start, stop - begin) <= LONGEST_SPELLING:
            before = 1 if start and begin else 0
            yield one[start - before : end], other[begin - before : stop]
