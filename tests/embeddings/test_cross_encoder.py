"""A cross-encoder takes the reranker's place by configuration: a tiny one with random weights, made on the spot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from embeddings.cross_encoder import CrossEncoderReranker, open_cross_encoder
from rag.assembly import open_assistant
from rag.config import Settings, with_changes
from rag.errors import ConfigError
from rag.search_types import Asked, Candidate
from rag.types import Article, Chunk, FusedHit, Question

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TEXTS = ["前三季度工业投资增长。", "港口吞吐量创新高。", "医院开设新的门诊。", "学校招收新的学生。"]


@pytest.fixture(scope="session")
def tiny_cross_encoder(tiny_transformer: Path) -> Path:
    import torch
    from sentence_transformers import CrossEncoder

    torch.manual_seed(3)
    folder = tiny_transformer.with_name("tiny-reranker")
    CrossEncoder(str(tiny_transformer.with_name("bare")), num_labels=1, max_length=64, device="cpu").save_pretrained(
        str(folder)
    )
    return folder


class Falling:
    """Gives candidates falling probabilities in the order in which they come."""

    def scores(self, asked: Asked, candidates: Sequence[Candidate]) -> list[float]:
        return [0.9 - 0.2 * at for at in range(len(candidates))]


def candidate(at: int) -> Candidate:
    text = TEXTS[at]
    article = Article(article_id=f"a{at}", page_id=f"a{at}", title="", text=text, source_path="x", lang="zh")
    chunk = Chunk(chunk_id=f"a{at}@0", article_id=f"a{at}", start=0, end=len(text), header="", text=text)
    return Candidate(chunk=chunk, article=article, hit=FusedHit(chunk_id=chunk.chunk_id, score=0.5, rank=1, origins={}))


ROWS = tuple(map(candidate, range(len(TEXTS))))
ASKED = Asked(question=Question(text="港口", lang="zh"), text="港口")


def opened(folder: Path, *, reranked: int) -> CrossEncoderReranker:
    return open_cross_encoder(f"cross-encoder:{folder}", first=Falling(), reranked=reranked, device="cpu")


def test_it_orders_by_reading_and_keeps_the_calibrated_probabilities(tiny_cross_encoder: Path) -> None:
    reranker = opened(tiny_cross_encoder, reranked=4)
    scores = reranker.scores(ASKED, ROWS)
    assert sorted(scores, reverse=True) == Falling().scores(ASKED, ROWS)
    read = reranker.model.predict([("港口", f"\n{row.chunk.text}") for row in ROWS])
    assert scores.index(max(scores)) == int(read.argmax())


def test_only_the_best_candidates_are_read(tiny_cross_encoder: Path) -> None:
    scores = opened(tiny_cross_encoder, reranked=2).scores(ASKED, ROWS)
    assert scores[2:] == Falling().scores(ASKED, ROWS)[2:]


def test_no_candidates_give_no_scores(tiny_cross_encoder: Path) -> None:
    assert opened(tiny_cross_encoder, reranked=2).scores(ASKED, ()) == []


def test_the_configuration_puts_it_into_the_search(tiny_cross_encoder: Path, sample_index: Path) -> None:
    settings = Settings(index=sample_index)
    changed = with_changes(settings, {"reranker": f"cross-encoder:{tiny_cross_encoder}", "embedder_device": "cpu"})
    question = "前三季度地区生产总值是多少？"
    with open_assistant(settings) as learned, open_assistant(changed) as crossed:
        before, _ = learned.search(question, k=8)
        after, _ = crossed.search(question, k=8)
        assert crossed.ask(question).status in {"answered", "partial", "refused"}
    assert [row.chunk_id for row in before] != [row.chunk_id for row in after]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("cross-encoder:", "is no reranker; set `reranker` to `learned`"),
        ("bge", "is no reranker; set `reranker` to `learned`"),
        ("cross-encoder:/no/such/folder", "no model folder at `/no/such/folder`"),
    ],
)
def test_a_wrong_specification_names_what_to_write(spec: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        open_cross_encoder(spec, first=Falling(), reranked=2, device=None)


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"`{tmp_path}` cannot be loaded"):
        open_cross_encoder(f"cross-encoder:{tmp_path}", first=Falling(), reranked=2, device=None)
