"""What a command of the evaluation hands to the door that called it: exit code, JSON object, text for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.contract import Json

DONE, REGRESSED, UNSOUND, BROKEN = 0, 1, 3, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`payload` is what `--json` prints, `text` what a person reads, `notes` go to stderr."""

    code: int
    payload: Mapping[str, Json]
    text: str
    notes: tuple[str, ...] = ()
