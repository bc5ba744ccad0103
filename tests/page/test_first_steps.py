"""The walk of docs/first-steps.md, as a newcomer takes it, from the installed package to the article behind an answer."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.page.conftest import Open

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "first-steps.md").read_text("utf-8")
COMMANDS = [shlex.split(row) for row in re.findall(r"^huwen .*$", PAGE, re.MULTILINE)]
ASKED = re.findall(r"^\d\. Ask.*?: (.*?？)", PAGE, re.MULTILINE)
PROGRAM = [sys.executable, "-c", "from api.cli.main import main; main()"]


@pytest.fixture
def served_as_written(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """What the second command prints, and the address that the third one says; only its port is free to choose."""
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    sync, ask, serve = ([*PROGRAM, *row[1:]] for row in COMMANDS)
    subprocess.run(sync, cwd=tmp_path, check=True, capture_output=True)
    printed = subprocess.run(ask, cwd=tmp_path, check=True, capture_output=True).stdout.decode()
    with subprocess.Popen(
        [*serve, "--port", "0", "--json"], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield printed, json.loads("".join(iter(process.stdout.readline, "}\n")) + "}")["url"]
        process.terminate()


def test_the_commands_and_questions_were_found() -> None:
    assert [row[1] for row in COMMANDS] == ["index", "ask", "serve"]
    assert len(ASKED) == 3


def test_a_newcomer_gets_to_the_article_behind_the_answer(opened: Open, served_as_written: tuple[str, str]) -> None:
    printed, url = served_as_written
    assert "40721.17亿元" in printed
    tab = opened(url=url.rstrip("/"))
    first, second, third = ASKED
    tab.ask(first)
    assert "40721.17亿元" in tab.last(".figure:has-text('40721')")
    tab.page.click(".turn:last-child button.cite")
    tab.page.wait_for_selector("mark.active")
    assert "40721.17亿元" in tab.page.inner_text("mark.active")
    tab.ask(second)
    assert "5.5%" in tab.last(".text")
    tab.ask(third)
    assert tab.last(".badge") != ""
    assert tab.page.locator(".turn:last-child .nearest button").count() >= 1
    assert tab.faults == []
    tab.page.close()
