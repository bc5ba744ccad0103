"""`python -m embeddings.train.bpe --data DIR --out FILE`: trains the byte pairs that count tokens; run by hand, never at run time."""

from __future__ import annotations

import argparse
import base64
import random
from pathlib import Path
from typing import TYPE_CHECKING

from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

from embeddings.train import records
from rag.text.budget import PIECES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TOKENS = 24000
# Characters taken from each set, so that news, questions and English weigh as they do in a prompt.
SHARES = (("articles", 5_000_000), ("broadcasts", 1_500_000), ("english", 4_000_000), ("translations", 3_000_000))


def main() -> None:
    """Train and write the ranks; the same data and seed give the same file."""
    parser = argparse.ArgumentParser(prog="python -m embeddings.train.bpe", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data sets")
    parser.add_argument("--out", type=Path, required=True, help="file to write the ranks to")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    tokens = _train(_sample(chosen.data, seed=chosen.seed))
    lines = [f"{base64.b64encode(token).decode()} {rank}\n" for rank, token in enumerate(tokens)]
    chosen.out.write_text("".join(lines), encoding="ascii")
    print(f"{len(tokens)} tokens, {chosen.out.stat().st_size} bytes")


def _sample(data: Path, *, seed: int) -> list[str]:
    """Return whole texts of each set, drawn without replacement until its share of characters is full."""
    draw = random.Random(seed)
    sets = {
        "articles": records.articles(data),
        "broadcasts": [row.text for row in records.broadcasts(data)],
        "english": [text for pair in records.english_pairs(data) for text in pair],
        "translations": [text for pair in records.translations(data, "zh_en_segments") for text in pair],
    }
    return [text for name, share in SHARES for text in _fill(sets[name], share=share, draw=draw)]


def _fill(texts: Sequence[str], *, share: int, draw: random.Random) -> Iterator[str]:
    for at in draw.sample(range(len(texts)), len(texts)):
        if share <= 0:
            return
        share -= len(texts[at])
        yield texts[at]


def _train(texts: Sequence[str]) -> list[bytes]:
    """Return the tokens in rank order: the 256 bytes, then each merge's result."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECES), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=TOKENS,
        initial_alphabet=sorted(_byte_letters()),
        show_progress=False,
        max_token_length=16,
    )
    tokenizer.train_from_iterator(texts, trainer)
    letters = _byte_letters()
    single = [bytes([value]) for value in range(256)]
    ranked = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    learned = [bytes(letters[letter] for letter in token) for token, _ in ranked]
    return single + [token for token in learned if len(token) > 1]


def _byte_letters() -> dict[str, int]:
    """Map the printable stand-ins of byte-level BPE (GPT-2's table) to the bytes that they stand for."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [value for value in range(256) if value not in printable]
    return {chr(value): value for value in printable} | {chr(256 + at): value for at, value in enumerate(others)}


if __name__ == "__main__":
    main()
