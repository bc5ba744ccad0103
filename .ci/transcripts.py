"""Writes the transcripts in the READMEs and docs/answers.md anew: `python .ci/transcripts.py` (a test checks that they are current)."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HUWEN = str(Path(sys.executable).with_name("huwen"))
PAGES = ("README.md", "README.zh-CN.md", "docs/answers.md")
TRANSCRIPT = re.compile(r'(^\$ (?:make ask Q=|huwen ask )(".+)\n)((?:(?!```|\$ ).*\n)+)', re.MULTILINE)


def main() -> None:
    """Ask every question that a page shows, over the samples, and put in what the program says."""
    with tempfile.TemporaryDirectory() as folder:
        index = str(Path(folder) / "index")
        subprocess.run([HUWEN, "index", "sync", str(ROOT / "samples" / "articles"), "--index", index], check=True)
        for name in PAGES:
            path = ROOT / name
            parts = TRANSCRIPT.split(path.read_text("utf-8"))
            for at in range(1, len(parts), 4):
                # The blank line before the next transcript belongs to what is replaced.
                gap = "\n" if parts[at + 2].endswith("\n\n") else ""
                parts[at + 2] = f"{asked(parts[at + 1], index)}\n{gap}"
                parts[at + 1] = ""
            path.write_text("".join(parts), "utf-8")


def asked(arguments: str, index: str) -> str:
    """Return what `huwen ask` prints for a question and its options, as they are written in a shell."""
    command = [HUWEN, "ask", *shlex.split(arguments), "--index", index]
    environment = os.environ | {"LANG": "C.UTF-8"}
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout.strip()


if __name__ == "__main__":
    main()
