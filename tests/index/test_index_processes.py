"""Short forms of the durability benches: kills, faults, threads, forks. The long ones are run by hand."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag.errors import IndexStateError
from rag.index.open import open_index
from rag.types import Filters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.index.conftest import Put

BENCH = Path(__file__).resolve().parents[2] / "bench"


def run_bench(name: str, *options: str) -> str:
    done = subprocess.run([sys.executable, BENCH / name, *options], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_writer_killed_50_times_never_leaves_a_torn_index() -> None:
    assert "50 kills, 0 torn states" in run_bench("index_crash.py", "--trials", "50", "--longest", "0.08")


@pytest.mark.slow
def test_no_failing_disk_operation_of_a_commit_tears_the_index() -> None:
    if shutil.which("cc") is None:
        pytest.skip("no C compiler to build the faulty disk with")
    assert "0 torn states" in run_bench("index_faults.py", "--every", "29")


@pytest.mark.slow
def test_sixteen_threads_search_without_an_error_while_another_process_writes() -> None:
    assert " 0 errors" in run_bench("index_threads.py", "--seconds", "2")


def test_a_search_after_a_fork_does_not_hang() -> None:
    assert "0 hung or failed" in run_bench("index_fork.py", "--runs", "3")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="huwen-test-"))
    folder.chmod(0o755)
    yield folder
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    shutil.rmtree(folder)


@pytest.mark.parametrize("put", ["folder"], indirect=True)
def test_a_folder_that_cannot_be_written_to_is_searched(open_folder: Path, put: Put) -> None:
    index = open_folder / "index"
    put(index, {"a": ["钢铁 转型"]})
    for path in [*index.rglob("*"), index]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    # Root may write everywhere, so it becomes nobody; it searches once before, since nobody may not read the modules.
    script = (
        "import os, sys; from pathlib import Path; from rag.index.open import open_index; from rag.types import Filters\n"
        "def search():\n"
        "    with open_index(Path(sys.argv[1])) as index:\n"
        "        return index.search_lexical(['钢铁'], k=3, filters=Filters())[0].chunk_id\n"
        "if os.getuid() == 0:\n"
        "    search(); os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "print(search())"
    )
    done = subprocess.run([sys.executable, "-c", script, str(index)], capture_output=True, text=True)
    assert done.stdout.strip() == "a@0", done.stderr


def test_a_path_that_cannot_be_made_names_itself(tmp_path: Path, put: Put) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexStateError, match="file/index"):
        put(tmp_path / "file" / "index", {"a": ["钢铁"]})


def test_a_lock_left_by_a_dead_process_is_taken_over(tmp_path: Path, put: Put) -> None:
    index = tmp_path / "index"
    put(index, {"a": ["钢铁"]})
    (index / "lock").write_text('{"pid": 1, "host": "elsewhere"}')
    assert put(index, {"b": ["港口"]}) == 2
    with open_index(index) as opened:
        assert len(opened.search_lexical(["港口"], k=3, filters=Filters())) == 1
