"""The examples of docs/clients.md run as they stand, but for the port, with the clients that they are for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.http.conftest import Server

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "clients.md"
MODULES = "HUWEN_NODE_MODULES"
GDP = "40721.17亿元"


def examples(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def ran(*arguments: str, folder: Path) -> str:
    done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("example", examples("python"))
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_example_prints_an_answer_and_its_quote(
    server: Server, capsys: pytest.CaptureFixture[str], example: str
) -> None:
    exec(example.replace("http://127.0.0.1:8000", server.url), {})
    assert capsys.readouterr().out.count(GDP) >= 2


def test_langchain_gets_the_answer_whole_and_in_pieces(server: Server, tmp_path: Path) -> None:
    if find_spec("langchain_openai") is None:
        pytest.skip("langchain-openai is not installed")
    [example] = examples("py")
    code = example.replace("http://127.0.0.1:8000", server.url)
    assert ran(sys.executable, "-c", code, folder=tmp_path).count(GDP) == 2


def test_openai_for_node_gets_the_answer_whole_and_in_pieces(server: Server, tmp_path: Path) -> None:
    node, modules = shutil.which("node"), os.environ.get(MODULES)
    if node is None or modules is None:
        pytest.skip(f"{MODULES} does not name a folder with openai from npm")
    [example] = examples("js")
    (tmp_path / "node_modules").symlink_to(modules)
    (tmp_path / "example.mjs").write_text(example.replace("http://127.0.0.1:8000", server.url), "utf-8")
    printed = ran(node, "example.mjs", folder=tmp_path)
    assert printed.count(GDP) == 2
    assert "1 citations" in printed


def test_curl_gets_the_answer_whole_and_in_pieces(server: Server, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine")
    [example] = examples("sh")
    printed = ran("bash", "-c", example.replace("http://127.0.0.1:8000", server.url), folder=tmp_path)
    assert GDP in printed.split("data: ")[0]
    assert printed.rstrip().endswith("data: [DONE]")


def test_the_examples_were_found() -> None:
    assert [len(examples(kind)) for kind in ("python", "py", "js", "sh")] == [3, 1, 1, 1]
