"""No home, no network, a file system that cannot be written to, a clock set back: all works, or says what is wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
QUESTION = "2023年上海战略性新兴产业产值占比是多少？"
PROGRAM = [sys.executable, "-c", "from api.cli.main import main; main()"]
# In a network namespace of its own a process has no route at all, and its loopback is down.
APART = ["unshare", "--user", "--map-root-user", "--mount"]
NO_NET = ("--net",)
BARE = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"}


def apart(command: str, *, index: Path, net: tuple[str, ...] = NO_NET) -> subprocess.CompletedProcess[str]:
    """Run a shell line without home and network, in a root that is read-only all over; `$huwen` is the program."""
    if (
        shutil.which("unshare") is None
        or subprocess.run([*APART, *net, "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("no namespaces of its own for a process on this machine")
    program = f"huwen() {{ {sys.executable} -c 'from api.cli.main import main; main()' \"$@\"; }}"
    # A search of an index that cannot be written to needs a folder for temporary files, as containers have one at /tmp.
    read_only = "mount --rbind / /mnt && mount -o remount,bind,ro /mnt && mount -t tmpfs none /mnt/var/tmp && cd /mnt && exec chroot /mnt /bin/sh -c"
    script = f"{program}; {command}"
    return subprocess.run(
        [*APART, *net, "/bin/sh", "-c", f'{read_only} "$0"', script],
        env={**BARE, "INDEX": str(index)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_ask_search_and_verify_need_no_home_no_network_and_no_place_to_write(sample_index: Path) -> None:
    ran = apart(
        f'touch /x 2>/dev/null && echo writable; huwen ask "{QUESTION}" --index "$INDEX" --json', index=sample_index
    )
    assert "writable" not in ran.stdout
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["status"] == "answered"
    assert apart(f'huwen search "{QUESTION}" --index "$INDEX"', index=sample_index).returncode == 0
    for command in ("index status", "index verify"):
        ran = apart(f'huwen {command} --index "$INDEX" --json', index=sample_index)
        assert ran.returncode == 0, ran.stderr


def test_what_must_write_says_that_it_cannot_and_where(sample_index: Path) -> None:
    for command in (
        'index sync --index "$INDEX"',
        'index remove x --index "$INDEX"',
        "keys create anna --keys /keys.json",
    ):
        ran = apart(f"huwen {command}", index=sample_index)
        assert ran.returncode in (2, 4), ran.stderr
        assert "Read-only file system" in ran.stderr
        assert "unexpected" not in ran.stderr
    without = apart(f'umount /var/tmp; huwen ask "{QUESTION}" --index "$INDEX"', index=sample_index)
    assert without.returncode == 2
    assert "TMPDIR" in without.stderr


def test_a_server_needs_no_home_and_no_place_to_write(sample_index: Path, free_port: int) -> None:
    fetched = f"import urllib.request as u; print(u.urlopen('http://127.0.0.1:{free_port}/readyz', timeout=5).status)"
    program = f'{sys.executable} -c "from api.cli.main import main; main()"'
    command = (
        f'timeout 60 {program} serve --port {free_port} --index "$INDEX" >/dev/null 2>&1 & server=$!; '
        f'for i in $(seq 30); do sleep 1; {sys.executable} -c "{fetched}" 2>/dev/null && break; done; '
        "kill $server; wait $server"
    )
    ran = apart(command, index=sample_index, net=())
    assert "200" in ran.stdout, ran.stderr


def test_a_clock_that_was_set_back_changes_no_answer_and_breaks_no_sync(sample_index: Path, tmp_path: Path) -> None:
    index, articles = tmp_path / "index", tmp_path / "articles"
    shutil.copytree(ROOT / "samples" / "articles", articles)
    back = (
        "import time; real = time.time; time.time = lambda: real() - 400 * 86400; from api.cli.main import main; main()"
    )

    def run(*words: str, set_back: bool) -> subprocess.CompletedProcess[str]:
        program = [sys.executable, "-c", back] if set_back else PROGRAM
        return subprocess.run([*program, *words], cwd=ROOT, env=BARE, capture_output=True, text=True, check=False)

    assert run("index", "sync", str(articles), "--index", str(index), set_back=False).returncode == 0
    (articles / "late.md").write_text("# 新码头\n\n2025年11月9日\n\n望潮区新建的码头有7个泊位。\n", "utf-8")
    # Written in what the clock calls the future.
    ahead = time.time() + 86400
    os.utime(articles / "late.md", (ahead, ahead))
    synced = run("index", "sync", "--index", str(index), "--json", set_back=True)
    assert json.loads(synced.stdout)["added"] == 1, synced.stderr
    answered = run("ask", "望潮区新建的码头有几个泊位？", "--index", str(index), "--json", set_back=True)
    assert "7个泊位" in json.loads(answered.stdout)["answer"]
    assert run("index", "verify", "--index", str(index), set_back=True).returncode == 0
