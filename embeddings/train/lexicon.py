"""Turns the dictionary into word-for-word replacements between Chinese and English, in token ids."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embeddings.builtin.normalise import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from embeddings.train.records import Entry

NOISE = re.compile(r"\([^)]*\)|\b(?:sb|sth|abbr|esp|etc|fig|lit|one's|cf|pr|variant of|old|taiwan)\b")
LEADING = re.compile(r"^\s*(?:to be|to|a|an|the)\s+")
MAX_GLOSS_WORDS = 4
MAX_CHOICES = 5
ENDINGS = (("ies", "y"), ("ing", ""), ("ing", "e"), ("ied", "y"), ("ed", ""), ("ed", "e"), ("es", ""), ("s", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Replacements of one piece, each a list of ids, with cumulative probabilities."""

    options: tuple[NDArray[np.int32], ...]
    cumulative: tuple[float, ...]

    def draw(self, chance: float) -> NDArray[np.int32]:
        """Return the option at `chance`, from 0 to 1."""
        return self.options[min(bisect_left(self.cumulative, chance), len(self.options) - 1)]


Table = dict[int, Choices]


def clean_gloss(gloss: str) -> str:
    """Return a gloss without articles, remarks and brackets, folded; empty where it is an explanation, not a word."""
    plain = LEADING.sub("", NOISE.sub(" ", gloss.lower()))
    words = plain.replace("-", " ").split()
    return " ".join(words) if len(words) <= MAX_GLOSS_WORDS else ""


def word_pairs(entries: Sequence[Entry]) -> list[tuple[str, str, float]]:
    """Return (Chinese word, gloss, weight); the first gloss of an entry weighs most."""
    return [
        (fold(entry.simplified, {}), gloss, 1.0 / (1 + rank))
        for entry in entries
        for rank, gloss in enumerate(filter(None, map(clean_gloss, entry.glosses)))
    ]


def to_english(
    pairs: Sequence[tuple[str, str, float]], tokenizer: Tokenizer, *, frequency: NDArray[np.float64]
) -> Table:
    """Return replacements of Chinese pieces; glosses of common words are preferred to rare ones."""
    found: dict[int, list[tuple[float, NDArray[np.int32]]]] = defaultdict(list)
    ids = _all_ids(tokenizer, [gloss for _, gloss, _ in pairs])
    for (word, _, weight), gloss in zip(pairs, ids, strict=True):
        piece = tokenizer.token_to_id(word)
        if piece is not None and len(gloss):
            found[piece].append((weight * float(frequency[gloss].min() + 1.0) ** 0.3, gloss))
    return {piece: _choices(options) for piece, options in found.items()}


def to_chinese(
    pairs: Sequence[tuple[str, str, float]], tokenizer: Tokenizer, *, frequency: NDArray[np.float64]
) -> Table:
    """Return replacements of English pieces, inflected forms included; common Chinese words are preferred."""
    found: dict[str, list[tuple[float, NDArray[np.int32]]]] = defaultdict(list)
    single = [(word, gloss, weight) for word, gloss, weight in pairs if " " not in gloss]
    for (_, gloss, weight), ids in zip(single, _all_ids(tokenizer, [word for word, _, _ in single]), strict=True):
        if len(ids):
            found[gloss].append((weight * float(frequency[ids].min() + 1.0) ** 0.5, ids))
    table: Table = {}
    for piece, at in sorted(tokenizer.get_vocab().items()):
        stem = next((form for form in _stems(piece) if form in found), None)
        if stem is not None and len(piece) > 1:
            table[at] = _choices(found[stem])
    return table


def switch(
    ids: NDArray[np.int32], table: Mapping[int, Choices], *, share: float, rng: np.random.Generator
) -> NDArray[np.int32]:
    """Return the ids with about `share` of those that have a replacement replaced."""
    chosen, chances = rng.random((2, len(ids))).tolist()
    parts = [
        table[piece].draw(chances[at]) if chosen[at] < share and piece in table else ids[at : at + 1]
        for at, piece in enumerate(ids.tolist())
    ]
    return np.concatenate(parts) if parts else ids


def _stems(word: str) -> list[str]:
    return [word, *(word.removesuffix(end) + new for end, new in ENDINGS if word.endswith(end) and len(word) > 4)]


def _all_ids(tokenizer: Tokenizer, texts: list[str]) -> list[NDArray[np.int32]]:
    return [np.array(encoding.ids, dtype=np.int32) for encoding in tokenizer.encode_batch_fast(texts)]


def _choices(options: list[tuple[float, NDArray[np.int32]]]) -> Choices:
    best = sorted(options, key=lambda option: (-option[0], option[1].tolist()))[:MAX_CHOICES]
    chances = np.array([weight for weight, _ in best])
    return Choices(options=tuple(ids for _, ids in best), cumulative=tuple(np.cumsum(chances / chances.sum()).tolist()))
