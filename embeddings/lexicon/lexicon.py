"""Reads the lexicon: the words and phrases of a question with their counterparts in the other language."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from embeddings.lexicon.english import forms
from embeddings.lexicon.write import CHINESE, ENGLISH
from rag.types import Term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rag.types import Lang

LONGEST_PHRASE = 4  # English words
LONGEST_WORD = 8  # Chinese characters
FEWEST_LETTERS = 2
# The share of chunks with this word from which on there are articles in English.
ARTICLE, LEAST_ENGLISH = "the", 0.02
# What a word's stem adds to the word's own counterparts.
STEM = 0.5
_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_HAN = re.compile("[\u3400-\u9fff]+")
# Words of grammar, of which a translation says nothing.
_FRAME = frozenset(
    "a about after all also an and any are as at be been before being between both but by can could did do does doing down "
    "during each few for from further had has have having he her here him his how i if in into is it its itself just me more "
    "most my no nor not now of off on once only or other our out over own per please same she should so some such tell than "
    "that the their them then there these they this those through to too under until up us very via was we were what when "
    "where which while who whom whose why will with would you your many much give list name say says said".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """A `Translator` over the lexicon's sorted lines, which are searched as they lie: nothing is parsed before it is needed."""

    english: bytes
    chinese: bytes

    def terms(self, text: str, *, lang: Lang) -> tuple[Term, ...]:
        """Return the words and phrases of a text that have counterparts in the other language, in order, none overlapping."""
        return tuple(self._english_terms(text) if lang == "en" else self._chinese_terms(text))

    def _english_terms(self, text: str) -> Iterator[Term]:
        words = list(_WORD.finditer(text))
        at = 0
        while at < len(words):
            size, found = self._phrase(
                [match[0].lower().replace("’", "'") for match in words[at : at + LONGEST_PHRASE]]
            )
            if found:
                yield Term(source=text[words[at].start() : words[at + size - 1].end()], options=found)
            at += max(size, 1)

    def _phrase(self, words: list[str]) -> tuple[int, tuple[tuple[str, float], ...]]:
        """Return how many of the words the longest known phrase at their beginning has, and its counterparts."""
        for size in range(len(words), 1, -1):
            if words[0] in _FRAME or words[size - 1] in _FRAME:
                continue
            last = next(
                (form for form in forms(words[size - 1]) if self._english(" ".join([*words[: size - 1], form]))), None
            )
            if last is not None:
                return size, self._english(" ".join([*words[: size - 1], last]))
        word = words[0].removesuffix("'s")
        return 1, () if word in _FRAME or len(word) < FEWEST_LETTERS else self._word(word)

    def _word(self, word: str) -> tuple[tuple[str, float], ...]:
        """Return the counterparts of a word and of its stem."""
        weights: dict[str, float] = {}
        for form in forms(word):
            for other, share in self._english(form):
                weights[other] = weights.get(other, 0.0) + (share if form == word else STEM * share)
        total = sum(weights.values())
        ranked = sorted(weights.items(), key=lambda row: (-row[1], row[0]))
        return tuple((other, weight / total) for other, weight in ranked)

    def _chinese_terms(self, text: str) -> Iterator[Term]:
        for run in _HAN.findall(text):
            at = 0
            while at < len(run):
                sizes = range(min(LONGEST_WORD, len(run) - at), 1, -1)
                size = next((size for size in sizes if _options(self.chinese, run[at : at + size])), 0)
                if size:
                    yield Term(source=run[at : at + size], options=_options(self.chinese, run[at : at + size]))
                at += size or 1

    def _english(self, word: str) -> tuple[tuple[str, float], ...]:
        return _options(self.english, word)


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconFor:
    """The lexicon that ships with the package for one index, read when the first question needs it.

    A Chinese question needs it where articles are in English, which shows in how common `the` is: `idf` is the index's.
    """

    idf: Callable[[Sequence[str]], list[float]]

    def terms(self, text: str, *, lang: Lang) -> tuple[Term, ...]:
        """Return what `Lexicon.terms` returns, nothing where no article is in the other language."""
        if lang == "zh" and self.idf([ARTICLE])[0] > math.log(1.0 / LEAST_ENGLISH):
            return ()
        return open_lexicon().terms(text, lang=lang)


@cache
def open_lexicon() -> Lexicon:
    """Return the lexicon that ships with the package; its files are read once."""
    folder = files("embeddings.lexicon")
    return Lexicon(english=folder.joinpath(ENGLISH).read_bytes(), chinese=folder.joinpath(CHINESE).read_bytes())


def _options(lines: bytes, word: str) -> tuple[tuple[str, float], ...]:
    """Return what the line of a word says, found by halving."""
    wanted = f"{word}\t".encode()
    low, high = 0, len(lines) - 1
    while low < high:
        start = lines.rfind(b"\n", low, (low + high) // 2 + 1) + 1
        end = lines.index(b"\n", start)
        line = lines[start:end]
        if line.startswith(wanted):
            parts = (part.rpartition(" ") for part in line[len(wanted) :].decode().split("|"))
            return tuple((other, int(share) / 100) for other, _, share in parts)
        if line.partition(b"\t")[0] < wanted[:-1]:
            low = end
        else:
            high = start - 1
    return ()
