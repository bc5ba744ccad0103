"""The checker finds every way in which a question set can be unsound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eval.check import check_questions, counts
from eval.questions import BadRow, Question, QuestionSet

if TYPE_CHECKING:
    from eval.assistant import Assistant

SOUND: dict[str, object] = {
    "id": "a",
    "lang": "zh",
    "question": "占比是多少？",
    "answer": "43.9%。",
    "key_points": [["43.9%"]],
    "gold": ["p1"],
    "forbidden": ["44.1%"],
    "cluster": "economy",
    "split": "dev",
}
UNANSWERABLE: dict[str, object] = {
    "id": "u",
    "lang": "zh",
    "question": "税率是多少？",
    "answerable": False,
    "absent": ["税率"],
}


def question_set(*rows: dict[str, object]) -> QuestionSet:
    return QuestionSet(name="s", questions=tuple(Question.model_validate(row) for row in rows), bad=(), files=())


def test_a_sound_set_has_no_problem(shelf: Assistant) -> None:
    assert check_questions(question_set(SOUND, UNANSWERABLE), assistant=shelf) == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"key_points": [["47%"]], "answer": "47%"}, "no form of the key point ['47%'] stands in a gold page"),
        ({"gold": ["p9"]}, "gold page `p9` is not in the corpus"),
        ({"gold": []}, "needs `gold` and `key_points`"),
        ({"answer": "大约一半。"}, "its own `answer` is not right: misses ['43.9%']"),
        ({"answer": "43.9%，不是44.1%。"}, "holds forbidden ['44.1%']"),
        ({"answer": ""}, "has no reference `answer`"),
    ],
)
def test_a_question_that_its_pages_do_not_answer_is_reported(
    shelf: Assistant, change: dict[str, object], message: str
) -> None:
    problems = check_questions(question_set(SOUND | change), assistant=shelf)
    assert any(message in row.message and row.id == "a" for row in problems)


def test_an_absent_string_that_stands_in_the_corpus_is_reported_in_any_spelling(shelf: Assistant) -> None:
    problems = check_questions(question_set(UNANSWERABLE | {"absent": ["１１月９日"]}), assistant=shelf)
    assert [row.message for row in problems] == ["absent string `１１月９日` stands in ['p3']"]


def test_an_unanswerable_question_without_absent_strings_is_reported(shelf: Assistant) -> None:
    problems = check_questions(question_set(UNANSWERABLE | {"absent": []}), assistant=shelf)
    assert "needs `absent`" in problems[0].message


def test_a_cluster_or_a_page_on_both_sides_of_the_split_is_reported(shelf: Assistant) -> None:
    problems = check_questions(question_set(SOUND, SOUND | {"id": "b", "split": "test"}), assistant=shelf)
    assert [row.message for row in problems] == [
        "cluster `economy` is in several splits: ['dev', 'test']",
        "gold page `p1` is in several splits: ['dev', 'test']",
    ]


def test_bad_rows_are_problems(shelf: Assistant) -> None:
    bad = QuestionSet(name="s", questions=(), bad=(BadRow(path="f", line=3, reason="not JSON"),), files=())
    assert "line 3" in check_questions(bad, assistant=shelf)[0].message


def test_counts_are_by_type_language_and_split() -> None:
    numbers = counts(question_set(SOUND, UNANSWERABLE).questions)
    assert (numbers["n"], numbers["unanswerable"], numbers["gold_pages"]) == (2, 1, 1)
    assert numbers["split"] == {"dev": 1, "none": 1}
