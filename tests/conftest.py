"""What several test folders share: an index of the samples, and the places of the real corpus and data."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag.assembly import open_assistant, sync_index
from rag.config import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.answer.assistant import Assistant

ROOT = Path(__file__).resolve().parent.parent


def built_index(folder: Path, *roots: Path) -> Path:
    """Index the roots into the folder and return it."""
    sync_index(Settings(index=folder), list(roots), progress=lambda _: None)
    return folder


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the bundled samples. Read it; a test that writes makes its own."""
    return built_index(tmp_path_factory.mktemp("sample_index"), ROOT / "samples" / "articles")


@pytest.fixture
def assistant(sample_index: Path) -> Iterator[Assistant]:
    """The assistant over the samples, extractive."""
    with open_assistant(Settings(index=sample_index)) as opened:
        yield opened


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real documents, or a skip."""
    return _folder("HUWEN_CORPUS")


@pytest.fixture(scope="session")
def corpus_index(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the real documents. Read it; a test that writes makes its own."""
    return built_index(tmp_path_factory.mktemp("corpus_index"), corpus)


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of public training and test sets, or a skip."""
    return _folder("HUWEN_DATA")


@pytest.fixture
def free_port() -> int:
    """A loopback port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _folder(variable: str) -> Path:
    value = os.environ.get(variable)
    if not value:
        pytest.skip(f"{variable} is not set")
    return Path(value)
