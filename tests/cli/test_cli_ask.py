"""`huwen ask`: the JSON form, the text, and every question that cannot be asked."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Huwen

GDP = "前三季度上海GDP是多少？"
ABSENT = "上海2030年的GDP目标是多少？"


def test_json_holds_every_field_of_the_contract_and_quotes_that_resolve(huwen: Huwen, sample_index: Path) -> None:
    ran = huwen("ask", GDP, "--index", str(sample_index), "--json")
    answer = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    fields = "question status reason answer lang confidence notice missing as_of citations claims passages nearest conflicts llm usage timings_ms"
    assert list(answer) == fields.split()
    assert answer["status"] == "answered"
    for row in answer["citations"]:
        shown = json.loads(huwen("show", row["article_id"], "--index", str(sample_index), "--json").out)
        assert shown["text"][row["start"] : row["end"]] == row["quote"]


def test_text_ends_sentences_with_labels_and_lists_their_sources(huwen: Huwen, sample_index: Path) -> None:
    ran = huwen("ask", GDP, "--index", str(sample_index))
    text, _, below = ran.out.partition("\n来源\n")
    assert ran.code == 0
    assert "40721.17亿元" in text
    assert text.rstrip().endswith("[1]")
    assert re.search(r"^\[1\] .+ · 20\d\d-\d\d-\d\d · \S+$", below, re.MULTILINE)
    assert "\n  │ " in below


def test_output_to_a_pipe_has_no_colours(huwen: Huwen, sample_index: Path) -> None:
    assert "\x1b" not in huwen("ask", GDP, "--index", str(sample_index)).out


def test_streamed_and_whole_output_are_the_same(huwen: Huwen, sample_index: Path) -> None:
    streamed = huwen("ask", GDP, "--index", str(sample_index))
    assert streamed == huwen("ask", GDP, "--index", str(sample_index), "--no-stream")


def test_question_is_read_from_stdin(huwen: Huwen, sample_index: Path) -> None:
    ran = huwen("ask", "-", "--index", str(sample_index), "--json", stdin=GDP.encode())
    assert json.loads(ran.out)["question"] == GDP


def test_refusal_is_a_result_and_names_the_closest_articles(huwen: Huwen, sample_index: Path) -> None:
    ran = huwen("ask", ABSENT, "--index", str(sample_index))
    assert ran.code == 0
    assert "最接近的文章" in ran.out


def test_words_around_an_answer_follow_the_language_of_the_question(huwen: Huwen, sample_index: Path) -> None:
    ran = huwen("ask", "How much does the robot reward pay in Wangchao District?", "--index", str(sample_index))
    assert "\nSources\n" in ran.out or "\nClosest articles\n" in ran.out


def test_a_filter_that_leaves_nothing_says_so(huwen: Huwen, sample_index: Path) -> None:
    ran = huwen("ask", GDP, "--until", "1999-01-01", "--index", str(sample_index), "--json")
    assert json.loads(ran.out)["reason"] == "outside_dates"


def test_history_makes_a_follow_up_understood(huwen: Huwen, sample_index: Path, tmp_path: Path) -> None:
    history = tmp_path / "history.json"
    history.write_text(
        json.dumps([{"role": "user", "content": GDP}, {"role": "assistant", "content": "40721.17亿元。"}])
    )
    ran = huwen("ask", "增长了多少？", "--history", str(history), "--index", str(sample_index), "--json")
    assert "5.5%" in json.loads(ran.out)["answer"]


def test_prompt_is_shown_on_stderr_or_said_to_be_absent(huwen: Huwen, sample_index: Path) -> None:
    ran = huwen("ask", GDP, "--show-prompt", "--index", str(sample_index))
    assert "extractive" in ran.err
    assert "extractive" not in ran.out


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        pytest.param([""], b"", "no words", id="empty"),
        pytest.param(["？！"], b"", "no words", id="only marks"),
        pytest.param(["-"], b"", "no words", id="empty stdin"),
        pytest.param(["-"], "长".encode() * 400_000, "more than", id="a megabyte"),
        pytest.param(["长" * 10_001], b"", "10,000", id="too long"),
        pytest.param(["-"], "上海".encode("gbk"), "iconv", id="gbk on stdin"),
        pytest.param(["GDP\udcff"], b"", "UTF-8", id="bytes in an argument"),
        pytest.param([GDP, "--since", "yesterday"], b"", "2025-11-05", id="no date"),
        pytest.param([GDP, "--since", "2025-02-01", "--until", "2025-01-01"], b"", "swap", id="dates swapped"),
        pytest.param([GDP, "--config", "absent.toml"], b"", "absent.toml", id="config named and absent"),
        pytest.param([GDP, "--history", "absent.json"], b"", "absent.json", id="history absent"),
        pytest.param([GDP, "--llm", "nonsense"], b"", "nonsense", id="unknown model"),
        pytest.param([GDP, "--lang", "fr"], b"", "fr", id="unknown language"),
        pytest.param([], b"", "QUESTION", id="no question"),
    ],
)
def test_what_cannot_be_asked_exits_with_2_and_says_why(
    huwen: Huwen, sample_index: Path, arguments: list[str], stdin: bytes, message: str
) -> None:
    ran = huwen("ask", *arguments, "--index", str(sample_index), stdin=stdin)
    assert ran.code == 2
    assert message in ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("content", ["not json", '{"role": "pope", "content": "x"}', "[1]", '"text"'])
def test_a_history_of_another_form_is_refused(huwen: Huwen, sample_index: Path, tmp_path: Path, content: str) -> None:
    history = tmp_path / "history.json"
    history.write_text(content)
    ran = huwen("ask", GDP, "--history", str(history), "--index", str(sample_index))
    assert ran.code == 2
    assert "history.json" in ran.err


def test_a_missing_index_exits_with_4_and_names_the_command_that_makes_one(huwen: Huwen) -> None:
    ran = huwen("ask", GDP, "--index", "nowhere")
    assert ran.code == 4
    assert "huwen index sync PATH --index nowhere" in ran.err


def test_settings_file_of_the_folder_is_used_without_being_named(
    huwen: Huwen, sample_index: Path, tmp_path: Path
) -> None:
    (tmp_path / "huwen.toml").write_text(f'index = "{sample_index}"\n')
    assert huwen("ask", GDP, "--json").code == 0
    (tmp_path / "huwen.toml").write_text("indexes = 1\n")
    ran = huwen("ask", GDP)
    assert ran.code == 2
    assert "`indexes`" in ran.err
