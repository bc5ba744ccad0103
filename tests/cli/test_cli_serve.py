"""`huwen serve` as a process."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Huwen

PROGRAM = [sys.executable, "-c", "from api.cli.main import main; main()"]


def test_it_says_where_it_serves_and_ends_quietly_on_ctrl_c(sample_index: Path) -> None:
    with subprocess.Popen(
        [*PROGRAM, "serve", "--port", "0", "--json", "--index", str(sample_index)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        url = json.loads("".join(iter(process.stdout.readline, "}\n")) + "}")["url"]
        assert url.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(f"{url}healthz", timeout=10) as response:
            assert response.status == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == 130
        assert process.stderr.read() == ""


def test_a_port_that_is_taken_exits_with_2_and_names_the_option(huwen: Huwen, sample_index: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = huwen("serve", "--port", str(taken.getsockname()[1]), "--index", str(sample_index))
    assert ran.code == 2
    assert "--port" in ran.err


def test_a_missing_index_exits_with_4(huwen: Huwen) -> None:
    assert huwen("serve", "--index", "nowhere").code == 4
