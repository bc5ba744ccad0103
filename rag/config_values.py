"""Checks one value of the configuration against its type and limits; knows no setting by name."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Literal, Union, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Mapping

MASK = "**********"


class Secret:
    """A text that no `repr`, log or report shows."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text, for the one who sends it on."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret('{MASK}')"

    def __str__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of a number: `low` and `high` belong to it, `above` does not; `None` is no bound."""

    low: float | None = None
    high: float | None = None
    above: float | None = None


@cache
def hints_of(settings: type) -> Mapping[str, object]:
    """Return the types of a class's fields."""
    return get_type_hints(settings)


def checked(value: object, *, hint: object, limits: Limits) -> object:
    """Return the value as `hint` has it: numbers and paths may be given as text. Raises `ValueError` that says what it must be."""
    origin, choices = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _optional(value, choices, limits)
    if origin is Literal:
        return _one_of(value, choices)
    if origin is dict:
        return _table(value, choices, limits)
    if origin is tuple:
        return _list(value, choices[0], limits)
    if hint is int or hint is float:
        return _number(value, whole=hint is int, limits=limits)
    return _text(value, hint)


def _optional(value: object, choices: tuple[object, ...], limits: Limits) -> object:
    if value is None and NoneType in choices:
        return None
    (hint,) = (choice for choice in choices if choice is not NoneType)
    return checked(value, hint=hint, limits=limits)


def _one_of(value: object, choices: tuple[object, ...]) -> object:
    if value not in choices:
        raise ValueError(f"must be one of {', '.join(f'`{choice}`' for choice in choices)}")
    return value


def _table(value: object, choices: tuple[object, ...], limits: Limits) -> dict[object, object]:
    if not isinstance(value, dict):
        raise ValueError("must be a table of names and values")  # noqa: TRY004 - one error for all that is wrong
    key_hint, value_hint = choices
    return {
        checked(key, hint=key_hint, limits=limits): checked(held, hint=value_hint, limits=limits)
        for key, held in value.items()
    }


def _list(value: object, hint: object, limits: Limits) -> tuple[object, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError("must be a list")  # noqa: TRY004 - one error for all that is wrong
    return tuple(checked(held, hint=hint, limits=limits) for held in value)


def _number(value: object, *, whole: bool, limits: Limits) -> float:
    kind = "a whole number" if whole else "a number"
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"must be {kind}")  # noqa: TRY004 - one error for all that is wrong
    try:
        number = int(value) if isinstance(value, str) and whole else float(value)
    except ValueError as error:
        raise ValueError(f"must be {kind}") from error
    if not math.isfinite(number) or (whole and number != int(number)):
        raise ValueError(f"must be {kind}")
    if limits.low is not None and number < limits.low:
        raise ValueError(f"must be at least {limits.low:g}")
    if limits.high is not None and number > limits.high:
        raise ValueError(f"must be at most {limits.high:g}")
    if limits.above is not None and number <= limits.above:
        raise ValueError(f"must be more than {limits.above:g}")
    return int(number) if whole else number


def _text(value: object, hint: object) -> str | Path | Secret:
    if hint is Path and isinstance(value, str | Path):
        return Path(value)
    if hint is Secret and isinstance(value, str | Secret):
        return value if isinstance(value, Secret) else Secret(value)
    if hint is str and isinstance(value, str):
        return value
    raise ValueError("must be a path" if hint is Path else "must be a text")
