"""A folder of two articles, and a place for its index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sync.syncing import PORT, STEEL

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "docs"
    root.mkdir()
    (root / "steel.txt").write_text(STEEL, "utf-8")
    (root / "port.txt").write_text(PORT, "utf-8")
    return root


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"
