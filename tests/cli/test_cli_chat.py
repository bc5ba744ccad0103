"""`huwen chat`, fed from a pipe."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Huwen


def test_follow_ups_know_what_was_asked_before(huwen: Huwen, sample_index: Path) -> None:
    typed = "前三季度上海GDP是多少？\n增长了多少？\n"
    ran = huwen("chat", "--json", "--index", str(sample_index), stdin=typed.encode())
    decoder = json.JSONDecoder()
    first, end = decoder.raw_decode(ran.out)
    second, _ = decoder.raw_decode(ran.out[end:].lstrip())
    assert "40721.17" in first["answer"]
    assert "5.5%" in second["answer"]


def test_slash_words_show_sources_and_open_articles(huwen: Huwen, sample_index: Path) -> None:
    typed = "前三季度上海GDP是多少？\n/open 1\n/help\n/quit\n没有问到"
    ran = huwen("chat", "--index", str(sample_index), stdin=typed.encode())
    assert ran.code == 0
    assert "来源" in ran.out
    assert "/sources" in ran.out
    assert len(ran.out) > 600


def test_mistakes_do_not_end_the_conversation(huwen: Huwen, sample_index: Path) -> None:
    typed = "/nonsense\n/open 7\n/since gestern\n？？\n前三季度上海GDP是多少？\n"
    ran = huwen("chat", "--index", str(sample_index), stdin=typed.encode())
    assert ran.code == 0
    assert len(ran.err.splitlines()) == 4
    assert "40721.17" in ran.out


def test_limits_hold_until_they_are_lifted(huwen: Huwen, sample_index: Path) -> None:
    typed = "/until 1999-01-01\n前三季度上海GDP是多少？\n/until\n前三季度上海GDP是多少？\n"
    ran = huwen("chat", "--index", str(sample_index), stdin=typed.encode())
    assert ran.out.count("40721.17亿元") >= 1
    assert "范围" in ran.out


def test_limits_are_said_when_they_change_and_refused_when_no_day_is_left(huwen: Huwen, sample_index: Path) -> None:
    typed = "/since 2025-01-01\n/until 2024-01-01\n/since\n"
    ran = huwen("chat", "--index", str(sample_index), stdin=typed.encode())
    first, second, third = ran.err.splitlines()
    assert "/since 2025-01-01" in first
    assert "swap" in second
    assert third == "no limit of date or source"


def test_a_line_that_ends_in_a_backslash_goes_on(huwen: Huwen, sample_index: Path) -> None:
    ran = huwen("chat", "--json", "--index", str(sample_index), stdin="前三季度\\\n上海GDP是多少？".encode())
    assert json.loads(ran.out)["question"] == "前三季度\n上海GDP是多少？"


def test_a_wrong_answer_is_kept_with_what_was_said_before(huwen: Huwen, sample_index: Path, tmp_path: Path) -> None:
    typed = "/wrong\n前三季度上海GDP是多少？\n增长了多少？\n/wrong 不是这个\n"
    ran = huwen("chat", "--index", str(sample_index), stdin=typed.encode())
    [row] = [json.loads(text) for text in (tmp_path / "drafts.jsonl").read_text("utf-8").splitlines()]
    assert (row["question"], row["notes"], len(row["history"])) == ("增长了多少？", "不是这个", 2)
    assert row["id"] in ran.out
    assert len(ran.err.splitlines()) == 1


def test_the_model_can_be_named_and_changed(huwen: Huwen, sample_index: Path) -> None:
    typed = "/model\n/model nonsense\n/model extractive\n前三季度上海GDP是多少？\n"
    ran = huwen("chat", "--index", str(sample_index), stdin=typed.encode())
    assert ran.out.splitlines()[:2] == ["extractive", "extractive"]
    assert "`nonsense`" in ran.err
    assert "40721.17" in ran.out
