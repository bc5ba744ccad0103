"""Builds the tokenizer: a Unigram model over words, characters and fragments, scored by counting, not trained."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

UNKNOWN = "<unk>"
RUNS = r"[a-z]+|[0-9]+|\p{Han}+|\p{L}+"
LATIN = re.compile(r"[a-z]+")
DIGITS = re.compile(r"[0-9]+")
HAN = re.compile(r"[\u3400-\u9fff]")
LONGEST_WORD = 4  # longer names are left in parts, which other texts share
START_SCORE = -10.0  # of every word before anything is counted: fewest words win
CHARACTER_START_SCORE = -12.0
FRAGMENT_SCORE = -14.0  # of a part of a Latin word or a number: two of them lose to any whole word
LETTER_SCORE = -16.0
BYTE_SCORE = -20.0
ROUNDS = 2
BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How many pieces of each sort are kept, the most frequent first."""

    words: int
    characters: int
    latin: int
    numbers: int
    fragments: int


def build_tokenizer(
    texts: Sequence[str], *, words: Iterable[str], glosses: Mapping[str, int], sizes: Sizes
) -> Tokenizer:
    """Return a tokenizer over folded text. `words` are candidates; `glosses` counts Latin words of the dictionary."""
    latin = Counter(glosses)
    numbers: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    for text in texts:
        latin.update(LATIN.findall(text))
        numbers.update(DIGITS.findall(text))
        characters.update(HAN.findall(text))
    singles = _top(characters, sizes.characters)
    candidates = sorted({word for word in words if 1 < len(word) <= LONGEST_WORD and HAN.match(word)})
    kept = _frequent_words(texts, candidates, singles=singles, size=sizes.words)
    fixed = _fixed_scores(latin, numbers, sizes=sizes)
    return _counted(texts, kept, singles=singles, fixed=fixed)


def _frequent_words(texts: Sequence[str], words: list[str], *, singles: list[str], size: int) -> list[str]:
    """Return the words that segmentation uses most, after the scores have settled."""
    tokenizer = _counted(texts, words, singles=singles, fixed={})
    counts = _usage(texts, tokenizer)
    return sorted(_top(Counter({word: counts[word] for word in words if counts[word] > 0}), size))


def _counted(texts: Sequence[str], words: list[str], *, singles: list[str], fixed: dict[str, float]) -> Tokenizer:
    """Return the tokenizer whose Han scores are log frequencies in its own segmentation."""
    scores = dict.fromkeys(words, START_SCORE) | dict.fromkeys(singles, CHARACTER_START_SCORE)
    for _ in range(ROUNDS):
        counts = _usage(texts, _tokenizer(scores | fixed))
        total = sum(counts[piece] for piece in scores)
        scores = {piece: math.log(max(counts[piece], 0.5) / total) for piece in scores}
    return _tokenizer(scores | fixed)


def _usage(texts: Sequence[str], tokenizer: Tokenizer) -> Mapping[str, int]:
    size = tokenizer.get_vocab_size()
    counts = np.zeros(size, dtype=np.int64)
    for start in range(0, len(texts), BATCH):
        encodings = tokenizer.encode_batch_fast(list(texts[start : start + BATCH]))
        ids = np.fromiter(chain.from_iterable(encoding.ids for encoding in encodings), dtype=np.int64)
        counts += np.bincount(ids, minlength=size)
    return {piece: int(counts[at]) for piece, at in tokenizer.get_vocab().items()}


def _fixed_scores(latin: Counter[str], numbers: Counter[str], *, sizes: Sizes) -> dict[str, float]:
    """Return the scores of Latin words, numbers and their fragments; they compete only among themselves."""
    words = [word for word in _top(latin, sizes.latin) if len(word) > 1]
    digits = [number for number in _top(numbers, sizes.numbers) if len(number) > 1]
    total = sum(latin.values()) + sum(numbers.values())
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    scores = dict.fromkeys(letters, LETTER_SCORE) | dict.fromkeys(_fragments(latin, sizes.fragments), FRAGMENT_SCORE)
    scores |= {f"{pair:02d}": FRAGMENT_SCORE for pair in range(100)}
    return scores | {piece: math.log((latin[piece] + numbers[piece]) / total) for piece in (*words, *digits)}


def _fragments(latin: Counter[str], size: int) -> list[str]:
    """Return the letter groups that occur in the most different words, longer ones preferred."""
    spread: Counter[str] = Counter()
    for word in latin:
        for length in (2, 3, 4, 5):
            for part in {word[at : at + length] for at in range(len(word) - length + 1)}:
                spread[part] += length - 1
    return _top(spread, size)


def _top(counts: Counter[str], size: int) -> list[str]:
    return [piece for piece, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:size]]


def _tokenizer(scores: Mapping[str, float]) -> Tokenizer:
    """Return a Unigram tokenizer; a character outside its pieces becomes its UTF-8 bytes."""
    in_bytes = [(f"<0x{value:02X}>", BYTE_SCORE) for value in range(256)]
    pieces = sorted(((piece, round(score, 2)) for piece, score in scores.items()), key=lambda row: (-row[1], row[0]))
    tokenizer = Tokenizer(models.Unigram([(UNKNOWN, 0.0), *in_bytes, *pieces], unk_id=0, byte_fallback=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(RUNS), "removed", invert=True)
    tokenizer.decoder = decoders.ByteFallback()
    return tokenizer
