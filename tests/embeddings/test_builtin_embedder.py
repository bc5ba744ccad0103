"""The model in the box: its files, its arithmetic, its limits."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from math import log
from typing import TYPE_CHECKING

import numpy as np
import pytest

from embeddings.builtin.embedder import BATCH, BuiltinEmbedder, open_builtin
from embeddings.builtin.files import MODEL_DIR, read_model
from embeddings.builtin.nibbles import pack, unpack
from embeddings.builtin.normalise import fold
from rag.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_BYTES = 30_000_000


@pytest.fixture(scope="module")
def model() -> BuiltinEmbedder:
    return open_builtin()


def cosine(model: BuiltinEmbedder, left: str, right: str) -> float:
    vectors = model.embed([left, right], kind="document")
    return float(vectors[0] @ vectors[1])


def test_every_file_is_the_one_that_the_config_describes() -> None:
    config = json.loads((MODEL_DIR / "config.json").read_text("utf-8"))
    for name, entry in config["files"].items():
        content = (MODEL_DIR / name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (entry["bytes"], entry["sha256"]), name


def test_the_model_stays_small() -> None:
    assert sum(path.stat().st_size for path in MODEL_DIR.iterdir()) < LARGEST_BYTES


def test_the_vector_is_the_weighted_sum_that_the_card_promises(model: BuiltinEmbedder) -> None:
    text = "上海市上海市经济信息化委员会 announced 300 projects in Shanghai 上海"
    stored = read_model(MODEL_DIR)
    rows = unpack(np.asarray(stored.rows)).astype(np.float64) * stored.scales[:, None]
    counts = Counter(stored.tokenizer.encode(fold(text, stored.table)).ids)
    expected = sum((1 + log(times)) * rows[piece] for piece, times in counts.items())
    expected /= np.linalg.norm(expected)
    assert model.embed([text], kind="document")[0] == pytest.approx(expected, abs=1e-6)


def test_vectors_are_the_same_bytes_in_every_batch(model: BuiltinEmbedder) -> None:
    texts = [f"第{at}条 企业应当在{at}月{at}日前提交材料 item {at}" for at in range(BATCH + 7)]
    together = model.embed(texts, kind="document")
    assert together.tobytes() == b"".join(model.embed([text], kind="document").tobytes() for text in texts)


@pytest.mark.parametrize(
    "other",
    ["專精特新企業認定", "专精特新企业认定！", " 专精特新　企业认定 ", "《专精特新企业认定》"],
    ids=["traditional", "punctuation", "spaces", "brackets"],
)
def test_script_width_and_punctuation_do_not_matter(model: BuiltinEmbedder, other: str) -> None:
    assert cosine(model, "专精特新企业认定", other) > 0.8


def test_full_width_and_capital_letters_do_not_matter(model: BuiltinEmbedder) -> None:
    assert cosine(model, "GDP 2025", "ｇｄｐ　２０２５") == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(
    ("chinese", "english", "other"),
    [
        ("新能源汽车的销量", "sales of new energy vehicles", "a concert by a famous singer"),
        ("上海的人工智能产业", "artificial intelligence industry in Shanghai", "heavy rain and floods"),
        ("外贸进出口增长", "growth of imports and exports", "a football match"),
    ],
)
def test_a_text_is_nearer_to_its_translation_than_to_another_subject(
    model: BuiltinEmbedder, chinese: str, english: str, other: str
) -> None:
    assert cosine(model, chinese, english) > cosine(model, chinese, other) + 0.1


@pytest.mark.parametrize("text", ["Москва", "カタカナ", "한국어", "龘"])
def test_characters_outside_the_vocabulary_still_have_a_vector(model: BuiltinEmbedder, text: str) -> None:
    assert np.linalg.norm(model.embed([text], kind="query")) == pytest.approx(1.0, abs=1e-5)


def test_packing_keeps_every_value() -> None:
    rows = np.random.default_rng(1).integers(-7, 8, size=(50, 32)).astype(np.int8)
    assert np.array_equal(unpack(pack(rows)), rows)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "rows.npy", "scales.npy"])
def test_a_missing_file_is_named_with_what_to_do(tmp_path: Path, name: str) -> None:
    shutil.copytree(MODEL_DIR, tmp_path / "model")
    (tmp_path / "model" / name).unlink()
    with pytest.raises(ConfigError, match=f"{name}` is missing; install `huwen` again"):
        open_builtin(tmp_path / "model")


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "rows.npy", "scales.npy"])
def test_a_cut_file_is_reported(tmp_path: Path, name: str) -> None:
    shutil.copytree(MODEL_DIR, tmp_path / "model")
    content = (tmp_path / "model" / name).read_bytes()
    (tmp_path / "model" / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(ConfigError, match="cannot be read"):
        open_builtin(tmp_path / "model")


def test_a_tokenizer_that_is_none_is_reported(tmp_path: Path) -> None:
    shutil.copytree(MODEL_DIR, tmp_path / "model")
    path = tmp_path / "model" / "tokenizer.json"
    path.write_bytes(b"x" * path.stat().st_size)
    with pytest.raises(ConfigError, match=r"`tokenizer\.json`"):
        open_builtin(tmp_path / "model")


def test_a_model_of_another_format_is_refused(tmp_path: Path) -> None:
    shutil.copytree(MODEL_DIR, tmp_path / "model")
    path = tmp_path / "model" / "config.json"
    path.write_text(path.read_text("utf-8").replace('"format": 1', '"format": 9'), "utf-8")
    with pytest.raises(ConfigError, match="format 9 where 1 is read"):
        open_builtin(tmp_path / "model")
