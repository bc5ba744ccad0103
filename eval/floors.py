"""Floors that slices must not fall below, read from a TOML file: `["lang=en"]` and `answer_accuracy = 0.4` under it."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from rag.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from eval.gate import Floors

SHAPE = TypeAdapter(dict[str, dict[str, float]])


def read_floors(path: Path | None) -> Floors:
    """Return the floors of a file, none without one. Raises `ConfigError` naming the file and the first wrong value."""
    if path is None:
        return {}
    try:
        return SHAPE.validate_python(tomllib.loads(path.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"the floors file `{path}` cannot be read as TOML: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigError(f"`{where}` in `{path}` is no floor (got {first['input']!r}); write a number") from error
