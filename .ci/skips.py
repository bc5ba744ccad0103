"""Fails when a test was skipped for a reason that is not on the list: a skip must be a decision, not an accident.

usage: skips.py LOG      (pytest's output with -ra)
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

# Reason, as the test gives it, to why it may be skipped.
ALLOWED = {
    "HUWEN_CORPUS is not set": "the real documents are not part of the repository",
    "HUWEN_DATA is not set": "the public sets are not part of the repository",
    "no Chromium on this machine": "a browser is no package of the registry",
    "HUWEN_NODE_MODULES does not name a folder with openai from npm": "node and npm are no packages of this registry",
    "no curl on this machine": "curl is no package of the registry",
    "no namespaces of its own for a process on this machine": "the kernel or the container decides that",
    "no systemd on this machine": "systemd is no package of the registry",
    "no nginx on this machine": "nginx is no package of the registry",
    "PostgreSQL is not installed: apt-get install postgresql": "a database is no package of the registry",
    "no C compiler to build the faulty disk with": "the disk that fails is a small C library, built by the test",
}


def main(log: str) -> int:
    """Print every skipped test; return 1 if one has no allowed reason."""
    skips = re.findall(r"^SKIPPED \[\d+\] (.*)$", Path(log).read_text("utf-8"), re.MULTILINE)
    unexpected = [row for row in skips if not any(row.endswith(reason) for reason in ALLOWED)]
    for row in skips:
        print("not allowed to skip:" if row in unexpected else "skipped:", row)
    print(f"{len(skips)} skips, {len(unexpected)} of them not allowed")
    return 1 if unexpected else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
