"""Runs an extractor in a process of its own with limits on memory and time, so that a hostile file costs one error.

An extractor is a module of this package with `extract(path) -> dict` that JSON can hold. Run as a script it is the child.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import cast

from rag.errors import InputError
from rag.ingest.readers.files import MIB

CHILD_MEMORY = 224 * MIB
CHILD_SECONDS = 60
# A child that sleeps, or waits for a slow disk, uses no processor time.
WALL_SECONDS = 120
EXTRACTORS = frozenset({"pdf_text", "word_text", "html_text", "feed_entries"})


def run_isolated(extractor: str, path: Path) -> dict[str, object]:
    """Return what `extract` of the module `extractor` makes of a file. Raises `InputError`, whatever the file does."""
    command = [sys.executable, "-P", "-m", "rag.ingest.readers.isolated", extractor, str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=WALL_SECONDS, check=False)  # noqa: S603 - our module
    except subprocess.TimeoutExpired as error:
        raise InputError(f"`{path}` takes longer than {WALL_SECONDS} s to read; it is damaged or too large") from error
    try:
        told = json.loads(done.stdout)
    except ValueError as error:
        raise InputError(
            f"`{path}` cannot be read: it is damaged, or needs more than {CHILD_MEMORY // MIB} MiB or "
            f"{CHILD_SECONDS} s (its reader ended with {done.returncode}); save it again, or split it"
        ) from error
    if "error" in told:
        raise InputError(str(told["error"]))
    return cast("dict[str, object]", told)


def main(extractor: str, path: str) -> None:
    """Write what the extractor returns, or the error that it raises, to stdout as JSON."""
    _limit()
    if extractor not in EXTRACTORS:
        raise ValueError(extractor)
    try:
        told = import_module(f"rag.ingest.readers.{extractor}").extract(Path(path))
    except InputError as error:
        told = {"error": str(error)}
    sys.stdout.buffer.write(json.dumps(told).encode())


def _limit() -> None:
    """Limit this process, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, limit in ((resource.RLIMIT_DATA, CHILD_MEMORY), (resource.RLIMIT_CPU, CHILD_SECONDS)):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(*sys.argv[1:])
