"""A cassette: replies of language models in a file of JSON lines, found again by model and prompt."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rag.errors import ConfigError
from rag.types import Usage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class _Usage(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    prompt_tokens: int
    completion_tokens: int


class Reply(BaseModel):
    """One row. `prompt` is the hash of what was asked; `whole` is false where the reader broke the reply off."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    llm: str = Field(min_length=1)
    prompt: str = Field(pattern=r"^[0-9a-f]{64}$")
    reply: str
    whole: bool = True
    tokens: _Usage | None = None

    @property
    def usage(self) -> Usage | None:
        """What the server counted; `None` where it did not."""
        if self.tokens is None:
            return None
        return Usage(prompt_tokens=self.tokens.prompt_tokens, completion_tokens=self.tokens.completion_tokens)


class Cassette:
    """The rows of a file; one of the same model and prompt that comes later counts. Safe to share between threads."""

    def __init__(self, path: Path, rows: Mapping[tuple[str, str], Reply]) -> None:
        self.path = path
        self._rows = dict(rows)
        self._lock = threading.Lock()

    def reply(self, llm: str, *, prompt: str) -> Reply | None:
        """Return what a model said to the prompt of that hash; `None` where it was never recorded."""
        return self._rows.get((llm, prompt))

    def add(self, row: Reply) -> None:
        """Keep a row, on disk before this returns. Raises `ConfigError` where the file cannot be written."""
        line = json.dumps(row.model_dump(exclude_none=True), ensure_ascii=True) + "\n"
        with self._lock:
            try:
                with self.path.open("a", encoding="ascii") as file:
                    file.write(line)
            except OSError as error:
                raise _unusable(self.path, error) from error
            self._rows[row.llm, row.prompt] = row


def open_cassette(path: Path, *, record: bool) -> Cassette:
    """Return the cassette in a file; to `record`, the file is made where it is missing.

    A last line that a kill tore is left out, and cut off before anything is added. Raises `ConfigError`.
    """
    try:
        raw = _read(path, create=record)
        whole = raw[: raw.rfind(b"\n") + 1]
        if record and len(whole) < len(raw):
            with path.open("r+b") as file:
                file.truncate(len(whole))
    except OSError as error:
        raise _unusable(path, error) from error
    rows = [_row(line, path, number) for number, line in enumerate(whole.split(b"\n"), 1) if line.strip()]
    return Cassette(path, {(row.llm, row.prompt): row for row in rows})


def _read(path: Path, *, create: bool) -> bytes:
    if create and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return path.read_bytes()


def _row(line: bytes, path: Path, number: int) -> Reply:
    try:
        return Reply.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ConfigError(
            f"line {number} of the cassette `{path}` is no recorded reply ({first['msg']}); "
            f"delete the line, or record into a new file"
        ) from None


def _unusable(path: Path, error: OSError) -> ConfigError:
    return ConfigError(
        f"the cassette `{path}` cannot be used ({error.strerror}); record one: `huwen eval run FILE --cassette {path} --record`"
    )
