"""Vectors are paid for once: by model and text, across indexes, and never at the price of an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from embeddings.cache import CachedEmbedder
from embeddings.openai import open_openai
from embeddings.options import EmbedderOptions

if TYPE_CHECKING:
    from pathlib import Path

    from rag.protocols import Embedder
    from tests.embeddings.conftest import Server

TEXTS = ["洋山港吞吐量", "a harbour", "氢能公交"]


def texts_sent(server: Server) -> list[object]:
    return [text for request in server.script.requests for text in request["input"]]  # type: ignore[attr-defined]


@pytest.fixture
def paid(server: Server) -> Embedder:
    return open_openai("m", EmbedderOptions(base_url=server.url))


def test_a_text_is_sent_once_whatever_stands_beside_it(server: Server, paid: Embedder, tmp_path: Path) -> None:
    cache = CachedEmbedder(paid, path=tmp_path / "vectors.sqlite")
    first = cache.embed(TEXTS[:2], kind="document")
    again = CachedEmbedder(paid, path=tmp_path / "vectors.sqlite").embed([TEXTS[2], *TEXTS[:2]], kind="document")
    assert sorted(map(str, texts_sent(server))) == sorted(["dimension", *TEXTS])
    assert again[1:].tobytes() == first.tobytes()


def test_a_text_twice_in_one_call_gets_both_rows(paid: Embedder, tmp_path: Path) -> None:
    rows = CachedEmbedder(paid, path=tmp_path / "v.sqlite").embed([TEXTS[0], TEXTS[1], TEXTS[0]], kind="document")
    assert rows[0].tobytes() == rows[2].tobytes()
    assert not np.allclose(rows[0], rows[1])


def test_another_model_gets_vectors_of_its_own(server: Server, paid: Embedder, tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    CachedEmbedder(paid, path=path).embed(TEXTS, kind="document")
    other = open_openai("n", EmbedderOptions(base_url=server.url))
    CachedEmbedder(other, path=path).embed(TEXTS, kind="document")
    assert len(texts_sent(server)) == 2 * (len(TEXTS) + 1)


def test_a_damaged_cache_costs_no_answer_and_is_made_anew(server: Server, paid: Embedder, tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    path.write_bytes(b"no database at all, but long enough to look like one" * 100)
    cache = CachedEmbedder(paid, path=path)
    plain = paid.embed(TEXTS, kind="document")
    assert cache.embed(TEXTS, kind="document") == pytest.approx(plain, abs=1e-3)
    cache.embed(TEXTS, kind="document")
    before = len(texts_sent(server))
    cache.embed(TEXTS, kind="document")
    assert len(texts_sent(server)) == before


def test_a_place_that_cannot_be_written_costs_no_answer(paid: Embedder, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = CachedEmbedder(paid, path=tmp_path / "file" / "vectors.sqlite")
    assert cache.embed(TEXTS, kind="document").shape == (3, cache.dimension)


def test_the_cache_drops_what_was_unused_for_longest_when_it_grows(
    server: Server, paid: Embedder, tmp_path: Path
) -> None:
    cache = CachedEmbedder(paid, path=tmp_path / "vectors.sqlite", most_bytes=200_000)
    for start in range(0, 3000, 500):
        cache.embed([f"第{at}条新闻" for at in range(start, start + 500)], kind="document")
    assert (tmp_path / "vectors.sqlite").stat().st_size < 600_000
    before = len(texts_sent(server))
    cache.embed([f"第{at}条新闻" for at in range(2900, 3000)], kind="document")
    assert len(texts_sent(server)) - before < 100
