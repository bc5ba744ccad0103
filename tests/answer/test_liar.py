"""A liar changes true claims about the samples in ten ways; the set is frozen and was written without the checker's rules."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from eval.lies.frozen import read_set, write_set
from eval.lies.lies import KINDS, lies
from eval.lies.measure import Measured, measure
from eval.lies.stated import states
from rag.answer.grounding import ground_claim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.types import Passage

FROZEN = Path(__file__).parent / "lies.json"


def check(text: str, passages: Sequence[Passage]) -> Sequence[str]:
    return ground_claim(text, passages).problems


@cache
def measured() -> Measured:
    return measure(read_set(FROZEN), check=check)


@pytest.mark.parametrize("kind", KINDS)
def test_nine_in_ten_lies_of_each_kind_are_caught(kind: str) -> None:
    result = measured()
    assert result.lies[kind] >= 40
    missed = [f"{row.was} -> {row.now}: {row.text}" for row in result.missed if row.kind == kind]
    share = result.kind_share(kind)
    assert share is not None
    assert share >= 0.9, missed


def test_of_all_lies_97_in_100_are_caught() -> None:
    assert measured().caught_share >= 0.97


def test_at_most_2_in_100_true_claims_are_marked() -> None:
    result = measured()
    assert sum(result.truths.values()) >= 200
    assert result.marked_share <= 0.02, [(row.text, problems) for row, problems in result.marked]


def test_no_lie_says_what_its_passage_states() -> None:
    for row in read_set(FROZEN).lies:
        if row.kind in {"digit", "scale", "unit"}:
            assert row.text != row.was
            tail = row.text[row.text.index(row.now) :][: len(row.now) + 2]
            assert not states(row.passages[0], tail), row


def test_the_same_claim_gives_the_same_lies() -> None:
    claim = read_set(FROZEN).claims[0]
    assert [row.text for row in lies(claim)] == [row.text for row in lies(claim)]


def test_a_frozen_set_is_read_as_it_was_written(tmp_path: Path) -> None:
    rows = read_set(FROZEN)
    write_set(rows, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_text("utf-8") == FROZEN.read_text("utf-8")
