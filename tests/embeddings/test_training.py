"""The training's parts by hand-made examples, and the whole command on a few made-up records."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from embeddings.train import records
from rag.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("scipy", reason="training needs the extra `transformers`")
pytest.importorskip("torch", reason="training needs the extra `transformers`")

from embeddings.builtin.embedder import open_builtin
from embeddings.train.bags import gather, weights
from embeddings.train.characters import simplification
from embeddings.train.export import quantise
from embeddings.train.lexicon import clean_gloss
from embeddings.train.phrases import find_phrases

TOPICS = {
    "汽车": ("car", "工厂生产电动汽车和电池，汽车销量增长。"),
    "港口": ("port", "港口吞吐量创新高，集装箱船舶停靠港口。"),
    "医院": ("hospital", "医院开设新的门诊，医生为病人看病。"),
    "学校": ("school", "学校招收新的学生，老师在学校上课。"),
}


def entry(simplified: str, traditional: str = "") -> records.Entry:
    return records.Entry(simplified=simplified, traditional=traditional, glosses=())


def test_a_traditional_character_becomes_its_usual_simplified_one() -> None:
    entries = [
        entry("干净", "乾淨"),
        entry("饼干", "餅乾"),
        entry("什么", "什麼"),
        entry("么", "麼"),
        entry("幺", "么"),
    ]
    table = dict(zip(*simplification(entries), strict=True))
    assert table["淨"] == "净"
    assert table["麼"] == "么"
    assert "么" not in table


@pytest.mark.parametrize(
    ("gloss", "word"),
    [
        ("to sign one's name", "sign name"),
        ("a car (vehicle)", "car"),
        ("battle-axe", "battle axe"),
        ("to be in charge of something very long indeed", ""),
    ],
)
def test_a_gloss_is_reduced_to_its_words(gloss: str, word: str) -> None:
    assert clean_gloss(gloss) == word


def test_a_new_word_is_found_by_cohesion_and_free_neighbours() -> None:
    rng = np.random.default_rng(0)
    filler = [chr(0x5000 + int(code)) for code in rng.integers(0, 300, size=4000)]
    texts = ["".join(filler[at : at + 20]) + "骁龙" + "".join(filler[at + 20 : at + 40]) for at in range(0, 3960, 40)]
    assert "骁龙" in find_phrases(texts)


def test_weights_are_one_plus_log_of_the_occurrences() -> None:
    bags = gather([np.array([3, 1, 3, 3], dtype=np.int32), np.array([0], dtype=np.int32)])
    assert weights(bags, pieces=4).toarray() == pytest.approx(
        np.array([[0, 1, 0, 1 + np.log(3)], [1, 0, 0, 0]]), abs=1e-6
    )


def test_quantised_rows_keep_their_direction() -> None:
    vectors = np.random.default_rng(2).standard_normal((40, 64)).astype(np.float32)
    rows, scales = quantise(vectors)
    restored = rows * scales[:, None]
    cosines = (restored * vectors).sum(1) / np.linalg.norm(restored, axis=1) / np.linalg.norm(vectors, axis=1)
    assert np.abs(rows).max() <= 7
    assert cosines.min() > 0.98


def test_a_missing_data_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no data set at `.*crud_news\.jsonl\.gz`"):
        records.articles(tmp_path)


def write(folder: Path, name: str, rows: list[dict[str, object]]) -> None:
    path = folder / f"{name}.jsonl.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def made_up(folder: Path) -> Path:
    texts = [(word, gloss, text * 6 + str(at)) for at in range(12) for word, gloss, text in
             ((word, *row) for word, row in TOPICS.items())]  # fmt: skip
    write(folder, "news/crud_news", [{"id": at, "text": text} for at, (_, _, text) in enumerate(texts)])
    write(folder, "news/lianbo", [{"date": "20240101", "title": word, "text": text} for word, _, text in texts])
    write(folder, "qa/drcd_dev.paras", [{"id": at, "text": text} for at, (_, _, text) in enumerate(texts)])
    write(folder, "qa/drcd_dev.qs", [{"q": f"{word}怎么样", "pid": at} for at, (word, _, _) in enumerate(texts)])
    write(folder, "qa/squad_question_sentence", [{"a": f"what {gloss}", "b": f"the {gloss}"} for _, gloss, _ in texts])
    write(folder, "parallel/zh_en_segments", [{"en": f"the {gloss}", "zh": word} for word, gloss, _ in texts])
    write(folder, "lexicon/cedict", [{"zh": word, "tr": "", "en": [row[0]]} for word, row in TOPICS.items()])
    return folder


def trained(data: Path, out: Path) -> Path:
    command = [sys.executable, "-m", "embeddings.train", "--data", str(data), "--out", str(out)]
    subprocess.run(
        [*command, "--dimension", "16", "--steps", "60", "--batch", "16"], check=True, capture_output=True, timeout=120
    )
    return out


def test_the_command_trains_a_model_that_reads_both_languages_and_comes_out_the_same_twice(tmp_path: Path) -> None:
    data = made_up(tmp_path / "data")
    model = open_builtin(trained(data, tmp_path / "first"))
    vectors = model.embed(["汽车", "car", "hospital"], kind="query")
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]
    assert open_builtin(trained(data, tmp_path / "second")).identity == model.identity
