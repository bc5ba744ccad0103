"""The split keeps stories together and its sides of a size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.qa.build import build
from eval.questions import Question, load_questions
from eval.split import assign_splits

if TYPE_CHECKING:
    from pathlib import Path


def row(name: str, cluster: str, *gold: str) -> Question:
    return Question(id=name, question="多少？", lang="zh", cluster=cluster, gold=tuple((page,) for page in gold))


def test_clusters_that_share_a_page_are_on_one_side() -> None:
    rows = [row("a", "x", "p1"), row("b", "y", "p1", "p2"), row("c", "z", "p2"), row("d", "w", "p9")]
    splits = assign_splits(rows)
    assert splits["a"] == splits["b"] == splits["c"] != splits["d"]


def test_a_survey_of_many_pages_ties_nothing_together() -> None:
    rows = [row(f"q{n}", f"c{n}", f"p{n}") for n in range(40)]
    survey = row("s", "all", *(f"p{n}" for n in range(40)))
    sides = list(assign_splits([*rows, survey]).values())
    assert abs(sides.count("dev") - sides.count("test")) <= 1


def test_the_split_does_not_depend_on_the_order_of_the_rows() -> None:
    rows = [row(f"q{n}", f"c{n % 7}", f"p{n % 7}") for n in range(30)]
    assert assign_splits(rows) == assign_splits(rows[::-1])


def test_a_group_keeps_the_split_of_its_questions_and_is_dev_where_one_was_looked_at() -> None:
    old = [row(f"q{n}", f"c{n}", f"p{n}").model_copy(update={"split": "test"}) for n in range(6)]
    seen = row("seen", "c0", "p0").model_copy(update={"split": "dev"})
    splits = assign_splits([*old, seen, row("new", "c1", "p1")])
    assert splits == {**{f"q{n}": "test" for n in range(1, 6)}, "q0": "dev", "seen": "dev", "new": "test"}


def test_building_twice_gives_the_same_files_and_keeps_every_field(tmp_path: Path) -> None:
    part = tmp_path / "part.jsonl"
    part.write_text(
        '{"id": "a", "lang": "zh", "question": "多少？", "cluster": "x", "gold": ["p"], "starter": true, "near": ["z"]}\n'
        '{"id": "b", "lang": "zh", "question": "何时？", "cluster": "y"}\n',
        "utf-8",
    )
    assert build([part], folder=tmp_path) == 2
    first = (tmp_path / "corpus.jsonl").read_bytes()
    assert build([tmp_path / "corpus.jsonl"], folder=tmp_path) == 2
    assert (tmp_path / "corpus.jsonl").read_bytes() == first
    assert [question.id for question in load_questions([tmp_path / "starter.jsonl"]).questions] == ["a"]
    assert load_questions([tmp_path / "corpus.jsonl"]).questions[0].model_extra == {"starter": True, "near": ["z"]}
