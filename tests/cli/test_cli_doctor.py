"""`huwen doctor`: what it finds, and that it keeps secrets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.cli.conftest import Huwen


def test_all_is_well_with_an_index(huwen: Huwen, sample_index: Path) -> None:
    ran = huwen("doctor", "--index", str(sample_index))
    assert ran.code == 0
    assert "revision 1" in ran.out


def test_a_missing_index_is_found_with_the_next_command(huwen: Huwen) -> None:
    ran = huwen("doctor", "--json")
    found = {row["name"]: row for row in json.loads(ran.out)["checks"]}
    assert ran.code == 4
    assert found["index"]["ok"] is False
    assert "huwen index sync" in found["index"]["found"]


def test_a_server_that_does_not_answer_is_found(
    huwen: Huwen, sample_index: Path, free_port: int, tmp_path: Path
) -> None:
    (tmp_path / "huwen.toml").write_text(
        f'llm = "openai:any"\nllm_base_url = "http://127.0.0.1:{free_port}/v1"\nindex = "{sample_index}"\n'
    )
    ran = huwen("doctor")
    assert ran.code == 5
    assert f"127.0.0.1:{free_port}" in ran.out


def test_keys_are_masked(huwen: Huwen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted")
    for arguments in (("doctor",), ("doctor", "--json")):
        ran = huwen(*arguments)
        assert "sk-planted" not in ran.out + ran.err


def test_the_server_of_a_preset_is_looked_at_and_none_where_replies_are_recorded(
    huwen: Huwen, sample_index: Path, tmp_path: Path, free_port: int
) -> None:
    settings = f'llm = "llamacpp:any"\nindex = "{sample_index}"\n'
    (tmp_path / "huwen.toml").write_text(f'{settings}llm_base_url = "http://127.0.0.1:{free_port}/v1"\n')
    assert huwen("doctor").code == 5
    (tmp_path / "tape.jsonl").touch()
    (tmp_path / "huwen.toml").write_text(f'{settings}llm_cassette = "tape.jsonl"\n')
    ran = huwen("doctor")
    assert ran.code == 0
    assert "replies come from `tape.jsonl`" in ran.out
