"""`huwen ask` as a process of its own: what it imports, and that chance plays no part in what it says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

QUESTIONS = ("2023年上海战略性新兴产业产值占比是多少？", "绿色工厂能拿到哪些奖励？", "上海2030年的GDP目标是多少？")
HUWEN = str(Path(sys.executable).with_name("huwen"))
HEAVY = ("torch", "openai", "sentence_transformers", "transformers", "fastapi", "uvicorn")


def ask(index: Path, question: str, *, seed: str) -> str:
    done = subprocess.run(
        [HUWEN, "ask", question, "--json", "--index", str(index)],
        capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed, "LANG": "C.UTF-8"},
    )  # fmt: skip
    answer = json.loads(done.stdout)
    del answer["timings_ms"]
    return json.dumps(answer, ensure_ascii=False)


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_is_the_same_on_two_runs_and_under_three_hash_seeds(sample_index: Path, question: str) -> None:
    answers = {ask(sample_index, question, seed=seed) for seed in ("0", "0", "1", "4242")}
    assert len(answers) == 1


def test_asking_imports_neither_torch_nor_openai_nor_a_server(sample_index: Path) -> None:
    program = (
        "import sys; from api.cli.main import run; "
        f"run(['ask', {QUESTIONS[0]!r}, '--index', {str(sample_index)!r}]); "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
