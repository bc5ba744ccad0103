"""Writes what the image is made of: `deploy/sbom.cdx.json` (CycloneDX 1.5) and `docs/licences.md`, from the lock and the installed packages.

usage: supply.py [FOLDER]      (the repository's root, where a test writes elsewhere and compares)
"""

from __future__ import annotations

import json
import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "deploy" / "requirements.txt"
PACKAGE = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)((?:.*\\\n)*.*)$", re.MULTILINE)
CLASSIFIER = "License :: OSI Approved :: "
HEAD = """# Licences of what the image holds

*Written by `make lock` from the packages' own metadata; a test compares the two. Huwen itself: Apache-2.0.*

| package | version | licence |
|---|---|---|
"""


def packages() -> list[dict[str, object]]:
    """Return name, version, hashes and licence of each package of the lock."""
    return [
        {
            "name": name,
            "version": version,
            "hashes": sorted(re.findall(r"sha256:([0-9a-f]{64})", rest)),
            "licence": licence(name),
        }
        for name, version, rest in PACKAGE.findall(LOCK.read_text("utf-8"))
    ]


def licence(name: str) -> str:
    """Return the licence as the package states it, in a few words."""
    try:
        found = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return "not stated"
    given = found.get("License-Expression") or found.get("License") or ""
    if given and len(given) < 80 and "\n" not in given:
        return given
    kinds = [row.removeprefix(CLASSIFIER) for row in found.get_all("Classifier", []) if row.startswith(CLASSIFIER)]
    return ", ".join(kinds) or given.strip().splitlines()[0] if given.strip() or kinds else "not stated"


def bill(found: list[dict[str, object]]) -> dict[str, object]:
    """Return the bill of materials."""
    components = [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{row['name']}@{row['version']}",
            "name": row["name"],
            "version": row["version"],
            "purl": f"pkg:pypi/{row['name']}@{row['version']}",
            "licenses": [{"license": {"name": row["licence"]}}],
        }
        for row in found
    ]
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert version is not None
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "huwen",
                "name": "huwen",
                "version": version[1],
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": components,
        "dependencies": [{"ref": "huwen", "dependsOn": [row["bom-ref"] for row in components]}],
    }


def main(folder: Path) -> None:
    """Write both files."""
    found = packages()
    (folder / "deploy").mkdir(exist_ok=True)
    (folder / "docs").mkdir(exist_ok=True)
    text = json.dumps(bill(found), ensure_ascii=False, indent=1)
    (folder / "deploy" / "sbom.cdx.json").write_text(text + "\n", "utf-8")
    rows = "".join(f"| {row['name']} | {row['version']} | {row['licence']} |\n" for row in found)
    (folder / "docs" / "licences.md").write_text(HEAD + rows, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT)
