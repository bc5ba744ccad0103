"""The record of administrative acts: who did what and when, one JSON object a line, only ever appended to."""

from __future__ import annotations

import json
import os
import pwd
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rag.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rag.contract import Json


def note_act(file: Path, act: str, *, about: Mapping[str, Json]) -> None:
    """Append a line. Raises `ConfigError` where it cannot be written."""
    row = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "user": _user(), "act": act, **about}
    line = (json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, line)
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise ConfigError(f"the audit file `{file}` cannot be written: {error.strerror}; make it writable") from error


def index_audit(index: Path) -> Path:
    """Return the file in an index's folder that says who changed it, and how."""
    return index / "audit.jsonl"


def _user() -> str:
    """Return the system's name of who runs this, or the number where it has none; the environment is not believed."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
