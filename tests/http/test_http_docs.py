"""The examples of docs/clients.md run as they stand, but for the port."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.http.conftest import Server

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "clients.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_example_prints_an_answer_and_its_quote(
    server: Server, capsys: pytest.CaptureFixture[str], example: str
) -> None:
    exec(example.replace("http://127.0.0.1:8000", server.url), {})
    assert capsys.readouterr().out.count("40721.17亿元") >= 2


def test_the_examples_were_found() -> None:
    assert len(EXAMPLES) == 3
