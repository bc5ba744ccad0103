"""Checks the cases of the table in docs/text.md, and that the page shows them as they are."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "bench" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TABLE = script("text_table")
ACCURACY = script("text_accuracy")
COVERAGE = script("text_coverage")


@pytest.mark.parametrize("case", TABLE.cases(), ids=lambda case: case["text"])
def test_what_the_table_shows_is_what_is_read(case: dict[str, str]) -> None:
    assert (case["written"], case["reading"]) in TABLE.read(case["text"])


def test_the_page_shows_the_table_of_the_cases() -> None:
    page = (ROOT / "docs" / "text.md").read_text("utf-8")
    assert TABLE.START + TABLE.table() + TABLE.END in page


@pytest.mark.parametrize("half", ["developed", "held_out"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["figures", "dates"])
def test_labelled_sentences_are_parsed_exactly(name: str, lang: str, half: str) -> None:
    rows = [row for row in ACCURACY.rows(name, half=half) if row["lang"] == lang]
    right = total = 0
    for row in rows:
        want, got = ACCURACY.labelled(name, row), ACCURACY.parsed(name, str(row["text"]))
        right, total = right + len(want & got), total + max(len(want), len(want | got) if len(got) > len(want) else 0)
    assert right / total >= 0.98


def test_there_are_labels_enough_in_both_halves() -> None:
    counts = {
        (name, half): sum(len(ACCURACY.labelled(name, row)) for row in ACCURACY.rows(name, half=half))
        for name in ("figures", "dates")
        for half in ACCURACY.HALVES
    }
    assert sum(count for (name, _), count in counts.items() if name == "figures") >= 600
    assert sum(count for (name, _), count in counts.items() if name == "dates") >= 400
    assert min(counts.values()) >= 200


def test_every_digit_of_the_corpus_is_in_exactly_one_mark(corpus: Path) -> None:
    for text in COVERAGE.texts(corpus):
        assert [text[at - 9 : at + 9] for at in COVERAGE.outside(text)] == []
