"""Asks the registry's advisories about every package of the image: fails where one is known to be vulnerable.

pip-audit runs in a temporary environment. Where the registry answers nothing (a mirror, no network) that is said, and nothing fails:
no answer is not a clean answer.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "deploy" / "requirements.txt"
QUIET = ["--quiet", "--disable-pip-version-check"]


def audited(folder: Path) -> dict[str, list[dict[str, object]]] | None:
    """Return advisories by package of those that could be looked up, `None` where the tool could not run."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    if subprocess.run(
        [python, "-m", "pip", "install", *QUIET, "pip-audit"], check=False, capture_output=True
    ).returncode:
        return None
    command = [folder / "bin" / "pip-audit", "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
    ran = subprocess.run([*command, "-f", "json", "-r", LOCK], check=False, capture_output=True, text=True)
    try:
        rows = json.loads(ran.stdout)["dependencies"]
    except (json.JSONDecodeError, KeyError):
        return None
    return {f"{row['name']} {row['version']}": row["vulns"] for row in rows if "skip_reason" not in row}


def main() -> int:
    """Print what was found."""
    with tempfile.TemporaryDirectory() as folder:
        found = audited(Path(folder))
    if not found:
        print("not audited: the registry gives no advisories here")
        return 0
    bad = {name: vulns for name, vulns in found.items() if vulns}
    for name, vulns in bad.items():
        print(name, *(vuln["id"] for vuln in vulns))
    print(f"{len(found)} packages looked up, {len(bad)} with advisories")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
