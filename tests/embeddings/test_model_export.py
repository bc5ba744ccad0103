"""The built-in model leaves the house: sentence-transformers opens the export and gives the same vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from api.cli.main import run
from embeddings.builtin.embedder import open_builtin

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = [
    "前三季度上海GDP是多少？",
    "ＡＩ產業規模，增長 5.5%！",
    "The city plans 300 new charging stations by 2027.",
    "唐曌 Müller カタカナ 龘",
    "上海发布产业政策。policy " * 2000,
    "…… ！？",
]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "huwen-static"
    assert run(["model", "export", str(folder)]) == 0
    return folder


def test_the_export_gives_the_same_vectors(exported: Path, tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers", reason="the extra `transformers` is not installed")
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(exported), trust_remote_code=True, device="cpu")
    expected = open_builtin().embed(TEXTS, kind="document")
    assert np.asarray(model.encode(TEXTS)) == pytest.approx(expected, abs=1e-3)
    assert model.get_embedding_dimension() == expected.shape[1]
    model.save(str(tmp_path / "again"))
    again = SentenceTransformer(str(tmp_path / "again"), trust_remote_code=True, device="cpu")
    assert np.asarray(again.encode(TEXTS)) == pytest.approx(expected, abs=1e-3)


def test_a_folder_that_holds_files_is_left_alone(exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(path.name for path in exported.iterdir())
    assert run(["model", "export", str(exported)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert sorted(path.name for path in exported.iterdir()) == before
