"""The transcripts in the READMEs and in docs/answers.md are what the program says today."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
HUWEN = str(Path(sys.executable).with_name("huwen"))
TRANSCRIPT = re.compile(r'^\$ (?:make ask Q=|huwen ask )(".+)\n((?:(?!```|\$ ).*\n)+)', re.MULTILINE)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "docs/answers.md"])
def test_every_transcript_is_a_real_one(sample_index: Path, name: str) -> None:
    rows = TRANSCRIPT.findall((ROOT / name).read_text("utf-8"))
    assert len(rows) >= 2
    for arguments, shown in rows:
        command = [HUWEN, "ask", *shlex.split(arguments), "--index", str(sample_index)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env={"LANG": "C.UTF-8"})
        assert done.stdout.strip() == shown.strip()


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_every_page_that_a_readme_links_to_is_there(name: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text("utf-8"))
    assert not [target for target in targets if not target.startswith("http") and not (ROOT / target).exists()]
