"""Under which conditions a run was made: everything needed to repeat it, and to tell whether two runs compare."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import subprocess
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from eval.questions import QuestionSet
    from rag.contract import Json
    from rag.types import IndexStatus

PACKAGES = ("huwen", "numpy", "faiss-cpu", "tantivy", "tokenizers", "tiktoken", "pydantic", "openai")
FINGERPRINTED = ("dataset", "index", "settings", "llm", "judge", "as_of", "seed", "commit", "dirty")


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """The revision of the code that ran; `dirty` if files differed from it."""

    name: str
    dirty: bool


def current_commit() -> Commit:
    """Return the commit of the folder that this package lies in; `unknown` outside a git checkout."""
    git = shutil.which("git")
    root = Path(__file__).resolve().parent.parent
    if git is None or not (root / ".git").exists():
        return Commit(name="unknown", dirty=False)
    name = _git(git, root, "rev-parse", "--short=10", "HEAD")
    return Commit(name=name or "unknown", dirty=bool(_git(git, root, "status", "--porcelain", "--untracked-files=no")))


def build_manifest(
    questions: QuestionSet,
    *,
    status: IndexStatus,
    settings: Mapping[str, Json],
    llm: str,
    judge: str | None,
    as_of: date | None,
    seed: int,
    started: datetime,
) -> dict[str, Json]:
    """Return the manifest of a run that is about to start; `settings` must have its secrets masked."""
    commit = current_commit()
    values: dict[str, Json] = {
        "started": started.isoformat(timespec="seconds"),
        "commit": commit.name,
        "dirty": commit.dirty,
        "dataset": {
            "name": questions.name,
            "sha256": questions.digest,
            "files": {row.name: row.sha256 for row in questions.files},
            "questions": len(questions.questions),
            "bad_rows": [{"path": row.path, "line": row.line, "reason": row.reason} for row in questions.bad],
        },
        "index": {
            "revision": status.revision,
            "embedder": status.embedder,
            "pages": status.pages,
            "articles": status.articles,
            "chunks": status.chunks,
            "newest": None if status.newest is None else status.newest.isoformat(),
        },
        "settings": dict(settings),
        "llm": llm,
        "judge": judge,
        "as_of": None if as_of is None else as_of.isoformat(),
        "seed": seed,
        "python": platform.python_version(),
        "platform": platform.platform(terse=True),
        "packages": {name: _version(name) for name in PACKAGES},
    }
    return values | {"fingerprint": fingerprint(values)}


def fingerprint(manifest: Mapping[str, Json]) -> str:
    """Return a hash of what must be equal for one run to go on with another's finished questions."""
    core = {name: manifest.get(name) for name in FINGERPRINTED}
    return hashlib.sha256(json.dumps(core, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _git(git: str, root: Path, *arguments: str) -> str:
    done = subprocess.run([git, *arguments], cwd=root, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() if done.returncode == 0 else ""


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
