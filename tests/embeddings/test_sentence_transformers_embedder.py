"""The sentence-transformers back-end on a tiny model with random weights."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from embeddings import open_embedder
from embeddings.prompts import Prompts, prompts_for
from rag.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from rag.protocols import Embedder


@pytest.mark.parametrize(
    ("name", "query", "document"),
    [
        ("intfloat/multilingual-e5-small", "query: ", "passage: "),
        ("BAAI/bge-small-zh-v1.5", "为这个句子生成表示以用于检索相关文章：", ""),
        ("BAAI/bge-base-en-v1.5", "Represent this sentence for searching relevant passages: ", ""),
        ("BAAI/bge-m3", "", ""),
        ("Alibaba-NLP/gte-multilingual-base", "", ""),
        ("text-embedding-3-small", "", ""),
    ],
)
def test_prompts_follow_the_family_in_the_name(name: str, query: str, document: str) -> None:
    assert prompts_for(name) == Prompts(query=query, document=document)


@pytest.mark.parametrize(
    "name",
    ["Qwen/Qwen3-Embedding-0.6B", "Alibaba-NLP/gte-Qwen2-1.5B-instruct", "intfloat/multilingual-e5-large-instruct"],
)
def test_instructed_families_get_an_instruction_for_queries_only(name: str) -> None:
    assert prompts_for(name).query.startswith("Instruct: ")
    assert not prompts_for(name).document


def test_queries_and_documents_differ_where_the_family_has_prompts(opened_transformer: Embedder) -> None:
    query = opened_transformer.embed(["abc"], kind="query")
    document = opened_transformer.embed(["abc"], kind="document")
    assert not np.allclose(query, document)


def test_a_copied_model_keeps_its_identity_and_a_changed_one_does_not(
    tiny_transformer: Path, opened_transformer: Embedder, tmp_path: Path
) -> None:
    copy = tmp_path / tiny_transformer.name
    shutil.copytree(tiny_transformer, copy)
    assert open_embedder(f"sentence-transformers:{copy}").identity == opened_transformer.identity
    weights = copy / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    assert open_embedder(f"sentence-transformers:{copy}").identity != opened_transformer.identity


def test_a_folder_without_a_model_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"`{tmp_path}` cannot be loaded"):
        open_embedder(f"sentence-transformers:{tmp_path}")


def test_a_model_that_cannot_be_fetched_names_the_command_that_fetches_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ConfigError, match="run `hf download nobody/absent-model`"):
        open_embedder("sentence-transformers:nobody/absent-model")
