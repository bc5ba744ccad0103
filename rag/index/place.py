"""Where an index is: its folder, and, where several machines share it, the database that the folder points to."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from rag.errors import IndexDamagedError, IndexMismatchError
from rag.index.disk import reading, writing
from rag.index.layout import Layout
from rag.index.rows import seal

if TYPE_CHECKING:
    from pathlib import Path


def place_of(path: Path, *, store: str | None = None) -> Layout:
    """Return the places of an index; `store` is the database that its settings name, `None` is what the folder says.

    Raises `IndexMismatchError` where the folder holds an index of its own, or points to another database.
    """
    pointer = Layout(path).pointer
    known = _pointed(pointer) if pointer.exists() else None
    if store is None or store == known:
        return Layout(path, known)
    if known is not None or Layout(path).store.exists():
        raise IndexMismatchError(
            f"the folder `{path}` belongs to another index than `store` names; give that one a folder of its own with "
            f"--index, or bring this one there with `huwen index export FILE` and `huwen index import FILE`"
        )
    return Layout(path, store)


def remember_place(layout: Layout) -> None:
    """Have the folder point to its database, so that commands need no more than the folder. It may hold a password."""
    if layout.database is None or layout.pointer.exists():
        return
    with writing(layout.folder):
        layout.folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(layout.pointer, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"store": layout.database, "seal": seal([layout.database])}, file)


def _pointed(pointer: Path) -> str:
    with reading(pointer.parent):
        text = pointer.read_text("utf-8")
    try:
        pointed = json.loads(text)
        if pointed["seal"] == seal([pointed["store"]]):
            return str(pointed["store"])
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise IndexDamagedError(f"`{pointer}` does not say where the index is; delete it and set `store`")
