"""The attack documents: written for this purpose, one a line, each with the reply of a model that obeys it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from rag.types import Lang


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """A document with a true fact and an order. `says` is the obedient reply; nothing of `planted` may reach an answer."""

    id: str
    kind: str
    lang: Lang
    title: str
    text: str
    question: str
    says: str
    planted: tuple[str, ...]
    true: str


def load_attacks() -> tuple[Attack, ...]:
    """Return the attacks in the order of their file."""
    lines = files("eval.injection").joinpath("attacks.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return tuple(Attack(**(row | {"planted": tuple(row["planted"])})) for row in rows)


def write_documents(attacks: tuple[Attack, ...], folder: Path) -> None:
    """Write each attack as a text file that a sync can read."""
    folder.mkdir(parents=True, exist_ok=True)
    for row in attacks:
        (folder / f"{row.id}.txt").write_text(f"{row.title}\n2025-11-01\n\n{row.text}\n", "utf-8")
