"""Sentences come out of a stream whole, early, and the same however the stream is cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer.llm.draft import Draft, Drafted

DRAFTS = (
    "2023年占比为43.9%。[1]2025年前三季度为44.1%[3]。\n[2] 全市生产总值40721.17亿元。",
    "- **第一**：截止到11月9日17:00。[1]\n- 第二：须为PDF（单个不超过5M）。【2】\n\n完。",
    "他说：“先做。再说。”[1]然后离开。[2,3]",
    "GDP grew 5.5% in 2025. [1] It was 4.07 trillion yuan [2].",
    "REFUSE: false_premise\n奖励不收纸质材料。[1]",
    "没有句号的一行[1]\n另一行[2]",
)


def drafted(text: str, size: int) -> tuple[list[Drafted], Draft]:
    draft, out = Draft(), list[Drafted]()
    for start in range(0, len(text), size):
        out += draft.feed(text[start : start + size])
    out += draft.end()
    return out, draft


@pytest.mark.parametrize("text", DRAFTS)
def test_the_result_does_not_depend_on_the_pieces(text: str) -> None:
    whole, draft = drafted(text, len(text))
    for size in (1, 2, 3, 7):
        pieces, other = drafted(text, size)
        assert pieces == whole
        assert other.reason == draft.reason


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="甲乙。！ \n[]【】(1)2,-“”《》REFUSE:.5%*#<b>", max_size=60), st.integers(1, 5))
def test_any_text_gives_the_same_in_pieces(text: str, size: int) -> None:
    assert drafted(text, size)[0] == drafted(text, max(1, len(text)))[0]


def test_a_sentence_is_out_as_soon_as_the_next_one_begins() -> None:
    draft = Draft()
    assert list(draft.feed("占比为43.9%。[1]")) == []
    assert [row.text for row in draft.feed("另")] == ["占比为43.9%。"]


def test_a_line_break_ends_a_sentence_at_once() -> None:
    assert [(row.text, row.numbers) for row in Draft().feed("占比为43.9%[1]\n")] == [("占比为43.9%", (1,))]


def test_a_mark_in_two_pieces_still_belongs_to_its_sentence() -> None:
    draft = Draft()
    rows = [row for piece in ("甲是一。", "[", "1", "]", "乙是二。", "【2", "】") for row in draft.feed(piece)]
    rows += draft.end()
    assert [row.numbers for row in rows] == [(1,), (2,)]


def test_a_quotation_is_not_cut_in_two() -> None:
    assert next(row.text for row in drafted("他说：“先做。再说。”[1]然后离开。[2]", 1)[0]) == "他说：“先做。再说。”"


def test_who_said_a_quotation_stays_with_it() -> None:
    draft = "“先做起来，再慢慢完善，这是我们的办法。”区长在会上说。[1]大家同意。[2]"
    rows, _ = drafted(draft, 1)
    assert [row.text for row in rows] == ["“先做起来，再慢慢完善，这是我们的办法。”区长在会上说。", "大家同意。"]


def test_lines_of_the_draft_stay_lines() -> None:
    rows, _ = drafted("甲是一。[1]乙是二。[1]\n\n丙是三。[2]", 4)
    assert [row.gap for row in rows] == ["", "", "\n"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("REFUSE: no_evidence", "no_evidence"),
        ("REFUSE: weak_evidence", "weak_evidence"),
        ("refuse：content_missing。", "content_missing"),
        ("**REFUSE: no_evidence**", "no_evidence"),
        ("`REFUSE: weak_evidence`", "weak_evidence"),
        ("REFUSE", "weak_evidence"),
        ("REFUSE: something_else", "weak_evidence"),
    ],
)
def test_a_refusal_line_is_read_and_is_no_sentence(line: str, reason: str) -> None:
    rows, draft = drafted(line, 3)
    assert rows == []
    assert draft.reason == reason
    assert not draft.is_empty


def test_a_word_that_begins_like_a_refusal_is_none() -> None:
    rows, draft = drafted("Refused applications get a letter. [1]", 5)
    assert draft.reason is None
    assert [row.text for row in rows] == ["Refused applications get a letter."]


@pytest.mark.parametrize("text", ["", " \n\n ", "\n"])
def test_white_space_is_an_empty_draft(text: str) -> None:
    assert drafted(text, 1)[1].is_empty
