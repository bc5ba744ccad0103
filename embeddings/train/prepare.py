"""From the public sets to what training needs: a tokenizer, first vectors and sources of pairs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from embeddings.builtin.normalise import fold
from embeddings.train import lexicon, records
from embeddings.train.bags import Bags, gather, tokenise, weights
from embeddings.train.held_out import HEADLINES_FROM, RUBRIC, SEGMENT_STEP
from embeddings.train.lsa import initial_vectors, inverse_frequencies
from embeddings.train.pairs import Matched, Passages, Switched
from embeddings.train.phrases import find_phrases
from embeddings.train.vocabulary import LATIN, Sizes, build_tokenizer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from embeddings.train.lexicon import Table
    from embeddings.train.pairs import Source

COUNTED = 6  # every so-manieth article is enough to count words
SHORTEST = 40  # tokens of an article that a passage can be cut from
GLOSS_SHARE = 0.2  # weight of a dictionary's word beside a running text's
QUESTION_WORDS = "什么 谁 哪 哪个 哪些 哪里 哪年 多少 几 何时 何 为什么 怎么 如何 怎样 是 的 时候 哪一 吗 呢"


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """All training texts, folded."""

    news: tuple[str, ...]
    titles: tuple[str, ...]
    broadcasts: tuple[str, ...]
    questions: tuple[str, ...]
    paragraphs: tuple[str, ...]
    gold: NDArray[np.int64]
    english: tuple[records.Pair, ...]
    segments: tuple[records.Pair, ...]
    words: tuple[tuple[str, str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What training starts from."""

    tokenizer: Tokenizer
    vectors: NDArray[np.float32]
    sources: Mapping[str, tuple[float, Source]]


def read_texts(data: Path, entries: Sequence[records.Entry], *, table: Mapping[int, str]) -> Texts:
    """Read and fold everything that training may see; what is held out is not read into it."""
    kept = [item for item in records.broadcasts(data) if item.date < HEADLINES_FROM]
    answered = records.question_set(data, "drcd_dev")
    pairs = enumerate(records.translations(data, "zh_en_segments"))
    segments = [pair for at, pair in pairs if at % SEGMENT_STEP != 0]

    def folded(texts: Sequence[str]) -> tuple[str, ...]:
        return tuple(fold(text, table) for text in texts)

    return Texts(
        news=folded(records.articles(data)),
        titles=folded([RUBRIC.sub("", item.title) for item in kept]),
        broadcasts=folded([item.text for item in kept]),
        questions=folded(answered.questions),
        paragraphs=folded(answered.paragraphs),
        gold=np.array(answered.gold, dtype=np.int64),
        english=tuple((fold(a, table), fold(b, table)) for a, b in records.english_pairs(data)),
        segments=tuple((fold(en, table), fold(zh, table)) for en, zh in segments),
        words=tuple(lexicon.word_pairs(entries)),
    )


def make_tokenizer(texts: Texts, *, sizes: Sizes) -> Tokenizer:
    """Return the tokenizer for the texts."""
    counted = [
        *texts.news[::COUNTED],
        *texts.broadcasts[::2],
        *texts.paragraphs,
        *(side for pair in (*texts.english, *texts.segments) for side in pair),
    ]
    glosses = Counter(word for _, gloss, _ in texts.words for word in LATIN.findall(gloss))
    words = [*find_phrases(counted), *(word for word, _, _ in texts.words)]
    weighed = {word: max(1, round(GLOSS_SHARE * times)) for word, times in glosses.items()}
    return build_tokenizer(counted, words=words, glosses=weighed, sizes=sizes)


def prepare(texts: Texts, tokenizer: Tokenizer, *, dimension: int, seed: int) -> Prepared:
    """Tokenise everything, compute first vectors, and set up the sources with their shares of the steps."""
    rng = np.random.default_rng(seed)
    bags = {
        "news": tokenise(tokenizer, texts.news),
        "titles": tokenise(tokenizer, texts.titles),
        "broadcasts": tokenise(tokenizer, texts.broadcasts),
        "questions": tokenise(tokenizer, texts.questions),
        "paragraphs": tokenise(tokenizer, texts.paragraphs),
        "asked": tokenise(tokenizer, [question for question, _ in texts.english]),
        "sentences": tokenise(tokenizer, [sentence for _, sentence in texts.english]),
        "english": tokenise(tokenizer, [english for english, _ in texts.segments]),
        "chinese": tokenise(tokenizer, [chinese for _, chinese in texts.segments]),
        "words": tokenise(tokenizer, [word for word, _, _ in texts.words]),
        "glosses": tokenise(tokenizer, [gloss for _, gloss, _ in texts.words]),
    }
    pieces = tokenizer.get_vocab_size()
    everything = np.concatenate([bag.flat for bag in bags.values()])
    frequency = np.bincount(everything, minlength=pieces).astype(np.float64)
    english = lexicon.to_english(texts.words, tokenizer, frequency=frequency)
    chinese = lexicon.to_chinese(texts.words, tokenizer, frequency=frequency)
    vectors = _first_vectors(bags, tokenizer, english, dimension=dimension, rng=rng)
    asking = np.unique(tokenise(tokenizer, [QUESTION_WORDS]).flat)
    return Prepared(
        tokenizer=tokenizer, vectors=vectors, sources=_sources(bags, texts.gold, english, chinese, asking=asking)
    )


def _first_vectors(
    bags: Mapping[str, Bags], tokenizer: Tokenizer, english: Table, *, dimension: int, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Return first vectors from the texts, half of the news with its words switched so that both languages meet."""
    pieces = tokenizer.get_vocab_size()
    plain = [bags[name] for name in ("news", "broadcasts", "paragraphs", "chinese", "asked", "sentences", "english")]
    counts = sparse.vstack([weights(bag, pieces=pieces) for bag in plain]).tocsr()
    in_chinese = sum(len(bag) for bag in plain[:4])
    latin = np.array([_is_latin(tokenizer.id_to_token(at)) for at in range(pieces)])
    idf = inverse_frequencies(counts, latin=latin, documents=(in_chinese, counts.shape[0] - in_chinese))
    mixed = [lexicon.switch(bags["news"][at], english, share=0.5, rng=rng) for at in range(0, len(bags["news"]), 2)]
    joined = [_joined(bags, "chinese", "english"), _joined(bags, "words", "glosses"), gather(mixed)]
    unmixed = np.ones(counts.shape[0], dtype=bool)
    unmixed[: len(bags["news"]) : 2] = False
    documents = sparse.vstack([counts[unmixed], *(weights(bag, pieces=pieces) for bag in joined)]).tocsr()
    return initial_vectors(documents, idf, dimension=dimension, rng=rng)


def _joined(bags: Mapping[str, Bags], left: str, right: str) -> Bags:
    sides = bags[left], bags[right]
    return gather([np.concatenate((sides[0][at], sides[1][at])) for at in range(len(sides[0]))])


def _is_latin(piece: str | None) -> bool:
    return piece is not None and LATIN.fullmatch(piece) is not None


def _sources(
    bags: Mapping[str, Bags], gold: NDArray[np.int64], english: Table, chinese: Table, *, asking: NDArray[np.int32]
) -> dict[str, tuple[float, Source]]:
    """Return each kind of batch with its share of the steps."""
    long = [bags["news"][at] for at in range(len(bags["news"])) if len(bags["news"][at]) >= SHORTEST]
    passages = Passages(articles=gather(long), asking=asking)
    titles = _one_to_one(bags["titles"], bags["broadcasts"])
    answered = Matched(queries=bags["questions"], documents=bags["paragraphs"], gold=gold, thin=True)
    asked = _one_to_one(bags["asked"], bags["sentences"])
    return {
        "news": (0.25, passages),
        "news>en": (0.18, Switched(source=passages, table=english)),
        "titles": (0.06, titles),
        "titles>en": (0.06, Switched(source=titles, table=english)),
        "questions": (0.06, answered),
        "questions>en": (0.05, Switched(source=answered, table=english)),
        "english": (0.06, asked),
        "english>zh": (0.08, Switched(source=asked, table=chinese, documents=True)),
        "segments": (0.08, _one_to_one(bags["english"], bags["chinese"])),
        "words": (0.12, _one_to_one(bags["glosses"], bags["words"])),
    }


def _one_to_one(queries: Bags, documents: Bags) -> Matched:
    return Matched(queries=queries, documents=documents, gold=np.arange(len(queries), dtype=np.int64), thin=False)
