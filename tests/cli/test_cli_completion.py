"""Shell completion as docs/cli.md has it set up."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = [sys.executable, "-c", "from api.cli.main import main; main()"]


def completed(instruction: str, **variables: str) -> str:
    environment = os.environ | {"_HUWEN_COMPLETE": instruction} | variables
    return subprocess.run(PROGRAM, capture_output=True, check=True, text=True, env=environment).stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(shell: str) -> None:
    assert "_HUWEN_COMPLETE" in completed(f"{shell}_source")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("huwen in", {"index"}), ("huwen index re", {"repair", "remove"}), ("huwen ask x --si", {"--since"})],
)
def test_commands_and_options_are_completed(typed: str, offered: set[str]) -> None:
    answer = completed("bash_complete", COMP_WORDS=typed, COMP_CWORD=str(len(typed.split()) - 1))
    assert {row.partition(",")[2] for row in answer.splitlines()} == offered
