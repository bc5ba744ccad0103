"""Choosing a model by its specification, and what is not imported on the way."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import embeddings
from embeddings import open_embedder
from embeddings.options import EmbedderOptions
from rag.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = ("torch", "sentence_transformers", "transformers", "openai", "scipy")


@pytest.mark.parametrize(
    "spec", ["", "word2vec", "builtin:", "builtin:large", "openai", "openai:", "openai: ", "BUILTIN"]
)
def test_a_specification_of_no_known_form_is_named_with_the_forms_there_are(spec: str) -> None:
    with pytest.raises(ConfigError) as caught:
        open_embedder(spec)
    for part in (f"`{spec}`", "`builtin`", "`sentence-transformers:NAME-OR-PATH`", "`openai:MODEL`"):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("spec", "package", "remedy"),
    [
        ("sentence-transformers:BAAI/bge-small-zh-v1.5", "sentence_transformers", "pip install 'huwen[transformers]'"),
        ("openai:text-embedding-3-small", "openai", "pip install openai"),
    ],
)
def test_a_missing_package_is_named_with_the_command_that_brings_it(
    spec: str, package: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ConfigError) as caught:
        open_embedder(spec, EmbedderOptions(api_key="k"))
    assert remedy in str(caught.value)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no model folder at `.*/absent`"):
        open_embedder(f"sentence-transformers:{tmp_path / 'absent'}")


def test_openais_own_server_needs_a_key() -> None:
    with pytest.raises(ConfigError, match="OPENAI_API_KEY"):
        open_embedder("openai:text-embedding-3-small")


def test_the_package_offers_open_embedder_and_nothing_else() -> None:
    assert embeddings.__all__ == ["open_embedder"]
    with pytest.raises(AttributeError, match="`anything`"):
        embeddings.__getattr__("anything")


def test_the_builtin_model_imports_no_heavy_package() -> None:
    program = (
        "import sys; from embeddings import open_embedder; open_embedder('builtin').embed(['上海'], kind='query');"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
