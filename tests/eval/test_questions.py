"""Question sets are read leniently: bad rows are counted, good ones kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from eval.questions import load_questions
from rag.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

GOOD = {
    "id": "a",
    "lang": "zh",
    "type": "fact",
    "question": "多少？",
    "key_points": [["1"]],
    "gold": ["p1", ["p2", "p3"]],
}


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), "utf-8")
    return path


def test_a_bare_string_in_gold_is_a_group_of_one(tmp_path: Path) -> None:
    loaded = load_questions([write(tmp_path / "a.jsonl", GOOD)])
    assert loaded.questions[0].gold == (("p1",), ("p2", "p3"))


def test_bad_rows_are_reported_with_line_and_reason_and_the_rest_is_kept(tmp_path: Path) -> None:
    rows = [GOOD, "not json", GOOD | {"id": "b", "question": " "}, GOOD, {"id": "c"}, GOOD | {"id": "d", "gold": [[]]}]
    loaded = load_questions([write(tmp_path / "a.jsonl", *rows)])
    assert [row.id for row in loaded.questions] == ["a"]
    assert [row.line for row in loaded.bad] == [2, 3, 4, 5, 6]
    assert "used before" in loaded.bad[2].reason
    assert "question" in loaded.bad[3].reason


def test_unknown_fields_are_kept(tmp_path: Path) -> None:
    loaded = load_questions([write(tmp_path / "a.jsonl", GOOD | {"author": "ada"})])
    assert loaded.questions[0].model_dump()["author"] == "ada"


def test_the_language_is_taken_from_the_script_where_the_row_does_not_say(tmp_path: Path) -> None:
    rows = [
        {"id": 1, "question": "How many?", "key_points": ["57"]},
        {"id": 2, "question": "多少家?", "key_points": [["57"]]},
    ]
    loaded = load_questions([write(tmp_path / "a.jsonl", *rows)])
    assert [(row.id, row.lang, row.key_points) for row in loaded.questions] == [
        ("1", "en", (("57",),)),
        ("2", "zh", (("57",),)),
    ]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.jsonl"):
        load_questions([tmp_path / "nowhere.jsonl"])


def test_blank_lines_and_a_byte_order_mark_are_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\ufeff" + json.dumps(GOOD) + "\n\n", "utf-8")
    loaded = load_questions([path])
    assert (len(loaded.questions), loaded.bad) == (1, ())
