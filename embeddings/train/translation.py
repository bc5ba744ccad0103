"""`python -m embeddings.train.translation --data DIR --out DIR`: derives the translation lexicon from the public sets.

Three sources are added up: the dictionary's glosses, word pairs that translated sentences and the dictionary's own compounds
align (工业区, "industrial park": industrial is 工业), and the built-in model's own nearest pieces in the other language.
All are weighed by how common the Chinese word is in the news. Latin spellings of Chinese words (Zhangjiang for 张江) stand in where
no source knows a word.
"""

from __future__ import annotations

import argparse
import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from embeddings.builtin.files import MODEL_DIR, read_model
from embeddings.builtin.nibbles import unpack
from embeddings.builtin.normalise import fold
from embeddings.lexicon.english import forms
from embeddings.lexicon.write import write_lexicon
from embeddings.train import records
from embeddings.train.alignment import Translated, aligned
from embeddings.train.held_out import SEGMENT_STEP
from embeddings.train.lexicon import clean_gloss

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from embeddings.builtin.files import StaticModel

    Pairs = dict[tuple[str, str], float]

NEIGHBOURS, LEAST_COSINE = 4, 0.5
KEPT, KEPT_ENGLISH = 6, 3  # counterparts of one word
LEAST_SHARE = 0.04
DICTIONARY, ALIGNED, NEAR = 1.0, 1.0, 0.5
# Manuals speak of few things, and of those often.
MANUAL, MANUAL_WEIGHT = "pydocs", 0.3
COMMON = 0.25  # what it is worth that a Chinese word is common: its occurrences to this power
SINGLE = 0.2  # of a single character: the index holds pairs
COUNTED = 6  # every so-manieth article is enough to count words
MOST_PHRASE = 4  # words
SPELT = 3  # Chinese words that one Latin spelling stands for
COMPOUND = 0.03  # how often a word of several pieces is taken to occur, of its rarest piece's occurrences
RARE = 1.0  # a word below is left out of the dictionary's phrases
LONGEST_PART = 4
_HAN = re.compile("[\u3400-\u9fff]+")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_NAME = re.compile(
    r"^([A-Z][A-Za-z'’]*(?: [A-Z][A-Za-z'’]*){0,2})(?:,| (?:municipality|province|city|county|district)\b)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How often each Chinese piece occurs in the news, and the English words that stand alone in the dictionary."""

    counts: Mapping[str, int]
    english: AbstractSet[str]
    model: StaticModel

    def seen(self, word: str) -> float:
        """Return how often a word occurs, guessed from its pieces where it is none itself."""
        if not word or word in self.counts:
            return float(self.counts.get(word, 0))
        return COMPOUND * min(self.counts.get(piece, 0) for piece in self.pieces(word))

    def pieces(self, text: str) -> list[str]:
        """Return the pieces of a text."""
        return list(self.model.tokenizer.encode(fold(text, self.model.table)).tokens)

    def lemma(self, word: str) -> str:
        """Return the first form of a word that the dictionary knows, itself where it knows none."""
        return next((form for form in forms(word) if form in self.english), word)

    def lemmas(self, text: str) -> tuple[str, ...]:
        """Return the distinct words of a folded English text as the dictionary has them."""
        return tuple(dict.fromkeys(self.lemma(word.removesuffix("'s")) for word in _WORD.findall(text)))


def main() -> None:
    """Write the lexicon; the same data and model give the same files."""
    parser = argparse.ArgumentParser(prog="python -m embeddings.train.translation", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data sets")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the lexicon to")
    chosen = parser.parse_args()
    with threadpool_limits(1):
        entries = records.dictionary(chosen.data)
        words = read_words(chosen.data, entries)
        sources = [
            (DICTIONARY, dictionary_pairs(entries, words=words)),
            (ALIGNED, aligned([*sentences(chosen.data, words), *compounds(entries, words=words)])),
            (NEAR, near_pairs(words.model, counts=words.counts)),
        ]
    for weight, pairs in sources:
        print(f"{len(pairs)} pairs of weight {weight}", flush=True)
    english, chinese = both_ways(sources, words=words)
    for spelling, others in spellings(words.counts).items():
        english.setdefault(spelling, others)
    write_lexicon(chosen.out, english=english, chinese=chinese)


def read_words(data: Path, entries: Sequence[records.Entry]) -> Words:
    """Return the counts and words that the sources share."""
    model = read_model(MODEL_DIR)
    counts: Counter[str] = Counter()
    for text in records.articles(data)[::COUNTED]:
        counts.update(piece for piece in model.tokenizer.encode(fold(text, model.table)).tokens if _HAN.match(piece))
    glosses = (gloss for entry in entries for gloss in _glosses(entry.glosses))
    return Words(counts=counts, english=frozenset(gloss for gloss in glosses if " " not in gloss), model=model)


def dictionary_pairs(entries: Iterable[records.Entry], *, words: Words) -> Pairs:
    """Return (gloss, word) pairs; the first gloss of an entry and common words weigh most."""
    pairs: Pairs = defaultdict(float)
    for entry in entries:
        word = _headword(entry, words)
        seen = words.seen(word)
        for rank, gloss in enumerate(_glosses(entry.glosses)):
            if seen >= RARE or (seen and " " not in gloss):
                pairs[gloss, word] += seen**COMMON / (1 + rank)
    return _normalised(pairs)


def sentences(data: Path, words: Words) -> Iterator[Translated]:
    """Yield the words of translated sentences; what is held out is left out."""
    for at, (source, en, zh) in enumerate(records.sourced_translations(data, "zh_en_segments")):
        if at % SEGMENT_STEP != 0:
            pieces = tuple(piece for piece in dict.fromkeys(words.pieces(zh)) if _HAN.match(piece))
            weight = MANUAL_WEIGHT if source == MANUAL else 1.0
            yield Translated(english=words.lemmas(en.lower()), chinese=pieces, weight=weight)


def compounds(entries: Iterable[records.Entry], *, words: Words) -> Iterator[Translated]:
    """Yield the parts of the dictionary's longer words with the words of their glosses."""
    for entry in entries:
        parts = _parts(_headword(entry, words), words.counts)
        for rank, gloss in enumerate(_glosses(entry.glosses) if parts else ()):
            if " " in gloss:
                yield Translated(english=words.lemmas(gloss), chinese=parts, weight=1.0 / (1 + rank))


def _headword(entry: records.Entry, words: Words) -> str:
    return "".join(_HAN.findall(fold(entry.simplified, words.model.table)))


def _parts(word: str, counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return the likeliest parts of a word of three characters or more, single characters left out."""
    if len(word) <= 2:
        return ()
    best: list[tuple[float, tuple[str, ...]]] = [(0.0, ())]
    for end in range(1, len(word) + 1):
        starts = range(max(end - LONGEST_PART, 0), end)
        best.append(
            max(
                (
                    best[start][0] + math.log((counts.get(word[start:end], 0) + 0.1) / 1e7),
                    (*best[start][1], word[start:end]),
                )
                for start in starts
                if end - start < len(word)
            )
        )
    return tuple(part for part in best[-1][1] if len(part) > 1)


def _glosses(glosses: Sequence[str]) -> list[str]:
    """Return what the glosses say in up to four words; the name before an explanation is one."""
    found: list[str] = []
    for gloss in glosses:
        name = _NAME.match(gloss)
        cleaned = clean_gloss(gloss)
        found += [name[1].lower()] if name is not None else []
        found += [cleaned] if re.fullmatch(r"[a-z' ]+", cleaned) and len(cleaned.split()) <= MOST_PHRASE else []
    return list(dict.fromkeys(found))


def near_pairs(model: StaticModel, *, counts: Mapping[str, int]) -> Pairs:
    """Return each English piece with its nearest Chinese words, by the cosine of the model's vectors."""
    names = [model.tokenizer.id_to_token(at) or "" for at in range(model.tokenizer.get_vocab_size())]
    words = np.array([at for at, name in enumerate(names) if len(name) > 2 and _WORD.fullmatch(name)])
    others = np.array([at for at, name in enumerate(names) if len(name) > 1 and _HAN.match(name) and counts.get(name)])
    vectors = unpack(model.rows).astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    pairs: Pairs = {}
    for start in range(0, len(words), 500):
        cosines = vectors[words[start : start + 500]] @ vectors[others].T
        best = np.argpartition(-cosines, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
        for row, columns in enumerate(best):
            for column in columns:
                if cosines[row, column] >= LEAST_COSINE:
                    pairs[names[words[start + row]], names[others[column]]] = float(cosines[row, column])
    return pairs


def both_ways(
    sources: Sequence[tuple[float, Pairs]], *, words: Words
) -> tuple[dict[str, list[tuple[str, float]]], dict[str, list[tuple[str, float]]]]:
    """Return English words with their Chinese counterparts, and Chinese words with their English ones."""
    total: Pairs = defaultdict(float)
    for weight, pairs in sources:
        for pair, share in pairs.items():
            total[pair] += weight * share
    english: dict[str, list[tuple[str, float]]] = defaultdict(list)
    chinese: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for (en, zh), share in total.items():
        english[en].append((zh, share * (1.0 + words.seen(zh)) ** COMMON * (SINGLE if len(zh) == 1 else 1.0)))
        if len(zh) > 1:
            chinese[zh].append((en, share))
    return (
        {word: _best(options)[:KEPT] for word, options in english.items()},
        {word: _best(options)[:KEPT_ENGLISH] for word, options in chinese.items()},
    )


def spellings(counts: Mapping[str, int]) -> dict[str, list[tuple[str, float]]]:
    """Return Latin spellings of Chinese words of two or three characters, the most frequent words of each."""
    readings: dict[str, str] = {}
    for line in files("rag.retrieve").joinpath("pinyin.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            syllable, _, characters = line.partition(" ")
            for character in characters:
                readings.setdefault(character, syllable)
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for word, times in counts.items():
        if 2 <= len(word) <= 3 and all(character in readings for character in word):
            found["".join(readings[character] for character in word)].append((word, float(times)))
    return {spelling: _best(words)[:SPELT] for spelling, words in found.items()}


def _normalised(pairs: Pairs) -> Pairs:
    """Return each English word's weights as shares."""
    totals: Counter[str] = Counter()
    for (en, _), weight in pairs.items():
        totals[en] += weight  # type: ignore[assignment]
    return {(en, zh): weight / totals[en] for (en, zh), weight in pairs.items()}


def _best(options: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return the heaviest counterparts with their shares of what these weigh together."""
    best = sorted(options, key=lambda option: (-option[1], option[0]))[:KEPT]
    total = sum(weight for _, weight in best)
    return [(word, weight / total) for word, weight in best if weight >= LEAST_SHARE * total]


if __name__ == "__main__":
    main()
