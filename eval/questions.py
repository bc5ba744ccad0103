"""Question sets: the rows of a JSONL file as checked values; nothing here answers or scores."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date  # noqa: TC003 - pydantic reads it at run time
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from rag.errors import UsageError
from rag.types import Turn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

HAN = re.compile(r"[\u3400-\u9fff]")


def _groups(value: object) -> object:
    """Read a bare string as a group of one."""
    if isinstance(value, list):
        return [[row] if isinstance(row, str) else row for row in value]
    return value


Groups = Annotated[tuple[tuple[str, ...], ...], BeforeValidator(_groups)]


class HistoryTurn(BaseModel):
    """One earlier message of a follow-up question."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    role: Literal["system", "user", "assistant"]
    content: str


class Question(BaseModel):
    """One row. `gold` and `key_points` are groups of alternatives of which one is enough; unknown fields are kept."""

    model_config = ConfigDict(frozen=True, extra="allow", coerce_numbers_to_str=True)

    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    lang: Literal["zh", "en"]
    type: str = "other"
    history: tuple[HistoryTurn, ...] = ()
    as_of: date | None = None
    answer: str = ""
    key_points: Groups = ()
    gold: Groups = ()
    answerable: bool = True
    forbidden: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    cluster: str | None = None
    split: str | None = None
    notes: str = ""

    @model_validator(mode="before")
    @classmethod
    def _detect_lang(cls, row: object) -> object:
        """Take the question's own script for its language where the row does not say."""
        if isinstance(row, dict) and row.get("lang") is None and isinstance(row.get("question"), str):
            return row | {"lang": "zh" if HAN.search(row["question"]) else "en"}
        return row

    @model_validator(mode="after")
    def _no_empty_forms(self) -> Question:
        """Refuse empty strings: each would be found in every answer, page or corpus."""
        if not self.question.strip():
            raise ValueError("`question` is blank")
        for name, groups in (("key_points", self.key_points), ("gold", self.gold)):
            if any(not group or not all(form.strip() for form in group) for group in groups):
                raise ValueError(f"`{name}` has an empty group or an empty string")
        if not all(text.strip() for text in (*self.forbidden, *self.absent)):
            raise ValueError("`forbidden` or `absent` has an empty string")
        return self

    def turns(self) -> tuple[Turn, ...]:
        """Return the earlier messages as the assistant takes them."""
        return tuple(Turn(role=row.role, content=row.content) for row in self.history)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A line that is not a question, and why. `line` counts from 1."""

    path: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file of a question set, by name and SHA-256."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet:
    """The questions of some files in file order, with the lines that could not be used."""

    name: str
    questions: tuple[Question, ...]
    bad: tuple[BadRow, ...]
    files: tuple[SourceFile, ...]

    @property
    def digest(self) -> str:
        """One SHA-256 over the files' own, in order."""
        return hashlib.sha256("".join(row.sha256 for row in self.files).encode()).hexdigest()


def load_questions(paths: Sequence[Path]) -> QuestionSet:
    """Read question files; a bad row is listed in `bad` and the rest is kept.

    Raises `UsageError` naming a file that cannot be read.
    """
    questions: dict[str, Question] = {}
    bad: list[BadRow] = []
    files: list[SourceFile] = []
    for path in paths:
        raw = _bytes(path)
        files.append(SourceFile(name=path.name, sha256=hashlib.sha256(raw).hexdigest()))
        for line, parsed in _rows(raw):
            if isinstance(parsed, Question) and parsed.id in questions:
                bad.append(BadRow(path=str(path), line=line, reason=f"the id `{parsed.id}` was used before"))
            elif isinstance(parsed, Question):
                questions[parsed.id] = parsed
            else:
                bad.append(BadRow(path=str(path), line=line, reason=parsed))
    name = "+".join(path.stem for path in paths)
    return QuestionSet(name=name, questions=tuple(questions.values()), bad=tuple(bad), files=tuple(files))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"the question file `{path}` cannot be read: {error.strerror}; give a JSONL file") from error


def _rows(raw: bytes) -> Iterator[tuple[int, Question | str]]:
    text = raw.decode("utf-8-sig", errors="replace")
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, _row(line)


def _row(line: str) -> Question | str:
    try:
        return Question.model_validate(json.loads(line))
    except ValidationError as error:
        rows = error.errors(include_url=False, include_context=False, include_input=False)
        return "; ".join(f"`{'.'.join(map(str, row['loc'])) or 'row'}`: {row['msg']}" for row in rows)
    except (ValueError, RecursionError) as error:
        return f"not JSON: {error}"
