"""`python -m embeddings.train --data DIR --out DIR`: trains the built-in model from the public sets."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from threadpoolctl import threadpool_limits

from embeddings.builtin.normalise import folding
from embeddings.train import records
from embeddings.train.characters import simplification
from embeddings.train.contrastive import Schedule, train
from embeddings.train.export import write_model
from embeddings.train.prepare import make_tokenizer, prepare, read_texts
from embeddings.train.vocabulary import Sizes

SIZES = Sizes(words=48000, characters=6000, latin=14000, numbers=500, fragments=1000)
VERSION = "2"


def main() -> None:
    """Train and write the model; the same data and seed give the same files, on one thread for that reason."""
    parser = argparse.ArgumentParser(prog="python -m embeddings.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data sets")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the model to")
    parser.add_argument("--dimension", type=int, default=512)
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--rate", type=float, default=0.15)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    schedule = Schedule(steps=chosen.steps, batch=chosen.batch, rate=chosen.rate, seed=chosen.seed)
    torch.set_num_threads(1)
    with threadpool_limits(1):
        _train(chosen.data, chosen.out, dimension=chosen.dimension, schedule=schedule)


def _train(data: Path, out: Path, *, dimension: int, schedule: Schedule) -> None:
    entries = records.dictionary(data)
    characters = simplification(entries)
    texts = read_texts(data, entries, table=folding(*characters))
    tokenizer = make_tokenizer(texts, sizes=SIZES)
    print(f"{tokenizer.get_vocab_size()} pieces", flush=True)
    prepared = prepare(texts, tokenizer, dimension=dimension, seed=schedule.seed)
    vectors = train(prepared.vectors, prepared.sources, schedule=schedule)
    write_model(out, version=VERSION, tokenizer=tokenizer, vectors=vectors, folding=characters)


if __name__ == "__main__":
    main()
