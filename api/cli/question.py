"""Reads what the user wants to ask: a question from the command line or stdin, a conversation from a file."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from rag.errors import UsageError
from rag.types import Turn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STDIN = "-"
# More than any question that is accepted, in the longest UTF-8 characters; the rest of the input is not read.
MOST_BYTES = 64 * 1024
ROLES = ("system", "user", "assistant")


def read_question(given: str) -> str:
    """Return the question as given, or from stdin for `-`. Raises `UsageError` for bytes that are not a question."""
    if given != STDIN:
        return _checked(given)
    raw = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise UsageError(f"the question on stdin has more than {MOST_BYTES:,} bytes; send a question, not a document")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"the question on stdin is not UTF-8 (byte {error.object[error.start]:#04x} at {error.start}); "
            "convert it first, for example: iconv -f GBK -t UTF-8"
        ) from error


def _checked(given: str) -> str:
    try:
        given.encode()
    except UnicodeEncodeError as error:
        raise UsageError("the question is not UTF-8; set a UTF-8 locale, or pipe it in and ask `-`") from error
    return given


def read_history(path: Path | None) -> tuple[Turn, ...]:
    """Return the turns of a JSON array, or of JSON lines, of `{"role", "content"}`. Raises `UsageError`."""
    if path is None:
        return ()
    try:
        rows = list(_rows(path.read_text("utf-8-sig")))
    except OSError as error:
        raise UsageError(f"the history `{path}` cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"the history `{path}` is not JSON: {error}") from error
    return tuple(_turn(row, path) for row in rows)


def _rows(text: str) -> Iterator[object]:
    if text.lstrip().startswith("["):
        yield from json.loads(text)
    else:
        yield from (json.loads(line) for line in text.splitlines() if line.strip())


def _turn(row: object, path: Path) -> Turn:
    if isinstance(row, dict) and row.get("role") in ROLES and isinstance(row.get("content"), str):
        return Turn(role=row["role"], content=row["content"])
    raise UsageError(
        f'`{path}` holds {str(row)[:60]!r}, which is not a turn; write {{"role": "user", "content": "…"}} for each'
    )
