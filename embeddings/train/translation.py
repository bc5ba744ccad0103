"""`python -m embeddings.train.translation --data DIR --out DIR`: derives the translation lexicon from the public sets.

Three sources are added up: the dictionary's glosses, word pairs that translated sentences align (IBM model 1, Brown et
al., 1993, trained in both directions), and the built-in model's own nearest pieces in the other language. Latin spellings of
Chinese words (Zhangjiang for 张江) stand in where no source knows a word.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from embeddings.builtin.files import MODEL_DIR, read_model
from embeddings.builtin.nibbles import unpack
from embeddings.builtin.normalise import fold
from embeddings.lexicon.write import write_lexicon
from embeddings.train import records
from embeddings.train.held_out import SEGMENT_STEP
from embeddings.train.lexicon import clean_gloss

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from embeddings.builtin.files import StaticModel

    Pairs = dict[tuple[str, str], float]

ROUNDS = 6
FEWEST_TOGETHER, LEAST_ALIGNED = 2, 0.06
NEIGHBOURS, LEAST_COSINE = 4, 0.5
KEPT, KEPT_ENGLISH = 5, 3  # counterparts of one word
LEAST_SHARE = 0.04
DICTIONARY, ALIGNED, NEAR = 1.0, 1.0, 0.5
COUNTED = 6  # every so-manieth article is enough to count words
MOST_PHRASE = 4  # words
SPELT = 3  # Chinese words that one Latin spelling stands for
COMPOUND = 0.02  # how often a word of several pieces is taken to occur, of its rarest piece's occurrences
RARE = 1.5  # a word below is left out of the dictionary's phrases
_HAN = re.compile("[\u3400-\u9fff]+")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_NAME = re.compile(
    r"^([A-Z][A-Za-z'’]*(?: [A-Z][A-Za-z'’]*){0,2})(?:,| (?:municipality|province|city|county|district)\b)"
)


def main() -> None:
    """Write the lexicon; the same data and model give the same files."""
    parser = argparse.ArgumentParser(prog="python -m embeddings.train.translation", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data sets")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the lexicon to")
    chosen = parser.parse_args()
    with threadpool_limits(1):
        model = read_model(MODEL_DIR)
        counts = word_counts(chosen.data, model)
        sources = [
            (DICTIONARY, dictionary_pairs(records.dictionary(chosen.data), counts=counts, model=model)),
            (ALIGNED, aligned_pairs(chosen.data, model)),
            (NEAR, near_pairs(model, counts=counts)),
        ]
    for weight, pairs in sources:
        print(f"{len(pairs)} pairs of weight {weight}", flush=True)
    english, chinese = both_ways(sources)
    for spelling, words in spellings(counts).items():
        english.setdefault(spelling, words)
    write_lexicon(chosen.out, english=english, chinese=chinese)


def word_counts(data: Path, model: StaticModel) -> Counter[str]:
    """Return how often each Chinese piece occurs in the news."""
    counts: Counter[str] = Counter()
    for text in records.articles(data)[::COUNTED]:
        counts.update(piece for piece in model.tokenizer.encode(fold(text, model.table)).tokens if _HAN.match(piece))
    return counts


def dictionary_pairs(entries: Iterable[records.Entry], *, counts: Mapping[str, int], model: StaticModel) -> Pairs:
    """Return (gloss, word) pairs; the first gloss of an entry and common words weigh most."""
    pairs: Pairs = defaultdict(float)
    for entry in entries:
        word = "".join(_HAN.findall(fold(entry.simplified, model.table)))
        seen = _seen(word, counts=counts, model=model)
        for rank, gloss in enumerate(filter(None, _glosses(entry.glosses))):
            if seen >= RARE or (seen and " " not in gloss):
                pairs[gloss, word] += seen**0.4 / (1 + rank)
    return _normalised(pairs)


def _seen(word: str, *, counts: Mapping[str, int], model: StaticModel) -> float:
    """Return how often a word occurs in the news, guessed from its pieces where it is none itself."""
    if not word or word in counts:
        return float(counts.get(word, 0))
    return COMPOUND * min(counts.get(piece, 0) for piece in model.tokenizer.encode(word).tokens)


def _glosses(glosses: Sequence[str]) -> Iterator[str]:
    for gloss in glosses:
        name = _NAME.match(gloss)
        if name is not None:
            yield name[1].lower()
        cleaned = clean_gloss(gloss)
        yield cleaned if len(cleaned.split()) <= MOST_PHRASE and re.fullmatch(r"[a-z' ]+", cleaned) else ""


def aligned_pairs(data: Path, model: StaticModel) -> Pairs:
    """Return pairs of words that translated sentences align, by the geometric mean of both directions."""
    english, chinese = [], []
    for at, (en, zh) in enumerate(records.translations(data, "zh_en_segments")):
        if at % SEGMENT_STEP != 0:
            english.append(list(dict.fromkeys(_WORD.findall(en.lower()))))
            tokens = model.tokenizer.encode(fold(zh, model.table)).tokens
            chinese.append([token for token in dict.fromkeys(tokens) if _HAN.match(token)])
    forward = _model_1(english, chinese)
    backward = {(en, zh): share for (zh, en), share in _model_1(chinese, english).items()}
    shared = {pair: (share * backward[pair]) ** 0.5 for pair, share in forward.items() if pair in backward}
    return {pair: share for pair, share in shared.items() if share >= LEAST_ALIGNED}


def _model_1(sources: Sequence[Sequence[str]], targets: Sequence[Sequence[str]]) -> Pairs:
    """Return t(target | source) of pairs that meet often enough, by expectation maximisation."""
    left, right = _numbered(sources), _numbered(targets)
    sentence, source, target = _met(
        [[left[word] for word in row] for row in sources], [[right[word] for word in row] for row in targets]
    )
    pairs, place, together = np.unique(source * len(right) + target, return_inverse=True, return_counts=True)
    shares = np.ones(len(pairs))
    slot = sentence * len(right) + target
    _, slot = np.unique(slot, return_inverse=True)
    for _ in range(ROUNDS):
        expected = shares[place]
        expected /= np.bincount(slot, weights=expected)[slot]
        counted = np.bincount(place, weights=expected, minlength=len(pairs))
        shares = counted / np.bincount(pairs // len(right), weights=counted, minlength=len(left))[pairs // len(right)]
    words, others = list(left), list(right)
    kept = np.flatnonzero((together >= FEWEST_TOGETHER) & (shares >= LEAST_ALIGNED / 4))
    return {(words[pairs[at] // len(right)], others[pairs[at] % len(right)]): float(shares[at]) for at in kept}


def _numbered(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for row in rows:
        for word in row:
            numbers.setdefault(word, len(numbers))
    return numbers


def _met(
    sources: Sequence[Sequence[int]], targets: Sequence[Sequence[int]]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return sentence, source and target of every pair of words that stand in one pair of sentences."""
    left = [np.repeat(np.array(row, dtype=np.int64), len(other)) for row, other in zip(sources, targets, strict=True)]
    right = [np.tile(np.array(other, dtype=np.int64), len(row)) for row, other in zip(sources, targets, strict=True)]
    sentence = np.repeat(np.arange(len(left)), [len(row) for row in left])
    return sentence, np.concatenate(left), np.concatenate(right)


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


def both_ways(sources: Sequence[tuple[float, Pairs]]) -> tuple[dict[str, list[tuple[str, float]]], ...]:
    """Return English words with their Chinese counterparts, and Chinese words with their English ones."""
    total: Pairs = defaultdict(float)
    for weight, pairs in sources:
        for pair, share in pairs.items():
            total[pair] += weight * share
    english: dict[str, list[tuple[str, float]]] = defaultdict(list)
    chinese: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for (en, zh), share in total.items():
        english[en].append((zh, share))
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
