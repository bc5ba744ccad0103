"""Reads the earlier turns of a conversation from a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from rag.errors import UsageError
from rag.types import Role, Turn

if TYPE_CHECKING:
    from pathlib import Path


class _TurnRow(BaseModel):
    model_config = ConfigDict(frozen=True)

    role: Role
    content: str


_TURNS = TypeAdapter(list[_TurnRow])


def read_turns(path: Path) -> tuple[Turn, ...]:
    """Return the turns of a JSON file: a list of objects with `role` and `content`. Raises `UsageError`."""
    try:
        rows = _TURNS.validate_python(json.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, ValidationError) as error:
        raise UsageError(
            f"`{path}` holds no conversation ({type(error).__name__}); "
            'it must be a JSON list such as [{"role": "user", "content": "…"}]'
        ) from error
    return tuple(Turn(role=row.role, content=row.content) for row in rows)
