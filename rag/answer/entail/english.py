"""Finds the place where an English claim repeats its source but for a word: another name, its opposite, a not more or less."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING

from rag.answer.entail.words import are_alike, are_opposite
from rag.text.normalise import level
from rag.text.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from difflib import Match

    from rag.types import Passage

OTHER = "other_than_source"
NEGATION = "negation_differs"
OPPOSED = "opposite_of_source"
NAME = "name_not_in_source"
PLANNED = "planned_in_source"
QUALIFIER = "qualifier_differs"
# Of a claim's words outside the change, how many must stand in the source in order for the rest to be a repetition.
REPEATED, LEAST_REPEATED = 0.7, 4
# From here on even a word that is no name and has no opposite stands in the place of another.
TIGHT = 0.85
AROUND = 12
# Stands where a sentence of the source begins.
STOP = "\n"
LONGEST = 6
_WORD = re.compile(r"[A-Za-z]+(?:[’'-][A-Za-z]+)*|\d(?:[\d,.]*\d)?|%|[\u3400-\u9fff]")
_NOT = frozenset("not no never without nor neither cannot nobody none hardly".split())
_PLAN = frozenset("plan plans planned expect expects expected aim aims aimed intend intends will hopes target".split())
_UNSURE = _PLAN | frozenset("may might could can wants".split())
# What an English sentence may begin with or say in capitals without naming anybody.
_COMMON = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday thursday "
    "friday saturday sunday chinese english i".split()
)
_FRAME = frozenset(
    "a an the of in on at to by for with from and or as is was are were be been it its this that these those".split()
)
_BOUNDS = (
    ("up", re.compile(r"\b(?:at least|more than|over|above|exceed\w*|no less than|not less than|a minimum of)\b")),
    (
        "down",
        re.compile(
            r"\b(?:at most|less than|fewer than|under|below|up to|no more than|not more than|nearly|almost|a maximum of)\b"
        ),
    ),
    ("about", re.compile(r"\b(?:about|around|approximately|roughly)\b")),
)
_ENDS = re.compile("(?:ies|es|ed|ing|s|d|ly)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """What the claim says where the source says `found`; `is_of_number` where a number stands right behind both."""

    said: tuple[str, ...]
    found: tuple[str, ...]
    is_of_number: bool


def english_problems(text: str, passages: Sequence[Passage]) -> Iterator[str]:
    """Yield what an English claim turns round or replaces where it otherwise repeats a passage, and names that it adds."""
    claim, words = _words(text), _sentences(passages)
    heads = _words("\n".join(f"{row.header}\n{row.source or ''}" for row in passages))
    held = [_plain(word) for word in words]
    known = {part for word in (*held, *map(_plain, heads)) for part in (word, *re.split("[-'’]", word))}
    yield from (f"{NAME}: {word}" for word in _unknown_names(claim, known))
    blocks = _blocks([_plain(word) for word in claim], held)
    repeated = sum(block.size for block in blocks)
    changes = list(_changes(claim, words, blocks))
    for change in changes:
        rest = len(claim) - len(change.said)
        if repeated >= max(LEAST_REPEATED, REPEATED * rest):
            yield from _problems(change)
            if repeated >= TIGHT * rest and _is_another(change, known) and len(changes) == 1:
                yield f"{OTHER}: {' '.join(change.said)} ({' '.join(change.found)})"


def _unknown_names(claim: Sequence[str], known: set[str]) -> Iterator[str]:
    """Yield the capitalised words, but for the first, that the source does not hold in any form."""
    stems = {_stem(word) for word in known}
    for word in claim[1:]:
        parts = [_plain(part) for part in re.split("[-'’]", word) if len(part) > 1]
        is_name = word[0].isupper() and parts and not _COMMON & set(parts)
        if is_name and not any(part in known or _stem(part) in stems for part in parts):
            yield word


def _problems(change: _Change) -> Iterator[str]:
    said, found = [_plain(word) for word in change.said], [_plain(word) for word in change.found]
    label = f"{' '.join(change.said)} ({' '.join(change.found)})"
    if _denials(said) % 2 != _denials(found) % 2:
        yield f"{NEGATION}: {label}"
    elif any(are_opposite(one, other) and other not in said and one not in found for one in said for other in found):
        yield f"{OPPOSED}: {label}"
    elif _bounds(said) != _bounds(found) and change.is_of_number and _bounds(said):
        yield f"{QUALIFIER}: {label}"
    elif _PLAN & set(found) and not _UNSURE & set(said):
        yield f"{PLANNED}: {label}"


def _is_another(change: _Change, known: set[str]) -> bool:
    """Tell whether one new word stands in the place of another that is not like it."""
    if _bounds(change.said) & _bounds(change.found):
        return False
    said = [word for word in map(_plain, change.said) if word not in _FRAME]
    found = [word for word in map(_plain, change.found) if word not in _FRAME]
    if len(said) != 1 or not 1 <= len(found) <= 2 or said[0] in known or not said[0].isalpha():
        return False
    return not any(_stem(word) == _stem(said[0]) or are_alike(said[0], word, lang="en") for word in found)


def _bounds(words: Sequence[str]) -> frozenset[str]:
    """Return on which side of a number the words say that the value lies."""
    text = " ".join(words)
    return frozenset(name for name, pattern in _BOUNDS if pattern.search(text))


def _denials(words: Sequence[str]) -> int:
    return sum(word in _NOT or word.endswith(("n't", "n’t")) for word in words)


def _blocks(claim: Sequence[str], source: Sequence[str]) -> list[Match]:
    """Return the matches in order, near the longest one."""
    longest = SequenceMatcher(None, claim, source, autojunk=False).find_longest_match()
    low = max(0, longest.b - longest.a - AROUND)
    window = source[low : longest.b + len(claim) - longest.a + AROUND]
    found = SequenceMatcher(None, claim, window, autojunk=False).get_matching_blocks()
    rows = [row._replace(b=row.b + low) for row in found if row.size]
    return [row for row in rows if row.size > 1 or claim[row.a] not in _FRAME]


def _changes(claim: Sequence[str], words: Sequence[str], blocks: Sequence[Match]) -> Iterator[_Change]:
    """Yield what stands between the matches on both sides; before the first and after the last, within the sentence."""
    if not blocks:
        return
    first, last = blocks[0], blocks[-1]
    gaps = [(one.a + one.size, other.a, one.b + one.size, other.b) for one, other in pairwise(blocks)]
    gaps.append((0, first.a, max(0, first.b - first.a), first.b))
    end = last.b + last.size + len(claim) - last.a - last.size
    gaps.append((last.a + last.size, len(claim), last.b + last.size, min(end, len(words))))
    for start, stop, low, high in gaps:
        if stop - start <= LONGEST and high - low <= LONGEST and (stop > start or high > low):
            yield _Change(
                said=tuple(claim[start:stop]),
                found=_within(words[low:high], is_opening=start == 0),
                is_of_number=stop < len(claim) and claim[stop][0].isdigit(),
            )


def _within(words: Sequence[str], *, is_opening: bool) -> tuple[str, ...]:
    """Return the words up to the border of the sentence, or those behind it where the claim opens with them."""
    if STOP not in words:
        return tuple(words)
    at = list(words).index(STOP)
    return tuple(word for word in (words[at + 1 :] if is_opening else words[:at]) if word != STOP)


def _sentences(passages: Sequence[Passage]) -> list[str]:
    texts = [row.text[span.start : span.end] for row in passages for span in sentence_spans(row.text)]
    return [word for text in texts for word in (STOP, *_words(text))]


def _words(text: str) -> list[str]:
    return [match[0] for match in _WORD.finditer(level(text))]


def _plain(word: str) -> str:
    return "%" if word.lower() in {"percent", "pct"} else word.lower().removesuffix("'s").removesuffix("’s")


def _stem(word: str) -> str:
    return _ENDS.sub("", word) if len(word) > 4 else word
