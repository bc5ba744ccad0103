"""What only a process of its own can show: what is imported, how fast, and how it ends when it is cut off."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# A generous multiple of the budget of 0.15 s: the machine that runs the tests does other things too.
HELP_LIMIT_S = 0.6
PROGRAM = [sys.executable, "-c", "from api.cli.main import main; main()"]
MODULES = """
import json, sys
from api.cli.main import run
code = run(sys.argv[1:])
print("\\n" + json.dumps([code, sorted(sys.modules)]), file=sys.stderr)
"""


def loaded(*arguments: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", MODULES, *arguments], capture_output=True, text=True, check=True)
    code, names = json.loads(done.stderr.splitlines()[-1])
    assert code == 0
    return set(names)


def test_help_imports_neither_pydantic_nor_numpy_nor_the_engine() -> None:
    assert not loaded("--help") & {"pydantic", "numpy", "rich", "rag.types", "rag.config", "rag.assembly"}


def test_help_is_quick() -> None:
    spent = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run([*PROGRAM, "--help"], capture_output=True, check=True)
        spent.append(time.perf_counter() - started)
    assert min(spent) < HELP_LIMIT_S


def test_ask_imports_nothing_heavy(sample_index: Path) -> None:
    heavy = {"torch", "sentence_transformers", "transformers", "openai", "fastapi", "uvicorn", "rich", "tiktoken"}
    assert not loaded("ask", "前三季度上海GDP是多少？", "--index", str(sample_index)) & heavy


def test_answers_are_the_same_under_three_hash_seeds(sample_index: Path) -> None:
    answers = set()
    for seed in ("0", "1", "2025"):
        done = subprocess.run(
            [*PROGRAM, "ask", "望潮区机器人首台套奖励最高多少？", "--index", str(sample_index)],
            capture_output=True,
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        )
        answers.add(done.stdout)
    assert len(answers) == 1


def test_a_closed_pipe_ends_the_command_quietly(sample_index: Path) -> None:
    with subprocess.Popen(
        [*PROGRAM, "index", "status", "--json", "--index", str(sample_index)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_ctrl_c_ends_a_conversation_quietly_with_130(sample_index: Path) -> None:
    with subprocess.Popen(
        [*PROGRAM, "chat", "--index", str(sample_index)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write("前三季度上海GDP是多少？\n".encode())
        process.stdin.flush()
        # An interrupt before the answer is whole only stops the answer.
        while not process.stdout.readline().startswith(b"[1] "):
            pass
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert process.stderr.read() == b""


def test_output_is_utf8_json_under_a_locale_that_is_not(sample_index: Path) -> None:
    done = subprocess.run(
        [*PROGRAM, "ask", "前三季度上海GDP是多少？", "--index", str(sample_index), "--json"],
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert json.loads(done.stdout.decode())["status"] == "answered"
