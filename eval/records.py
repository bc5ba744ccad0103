"""A run on disk: its manifest, one row a question, its summary. Rows are added one by one and survive a kill."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.questions import Question  # noqa: TC001 - pydantic reads it at run time
from eval.result import Result, read_result
from rag.errors import HarnessError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rag.contract import Json

MANIFEST, ITEMS, SUMMARY = "manifest.json", "items.jsonl", "summary.json"


class GoldRow(BaseModel):
    """A gold span as the record keeps it."""

    model_config = ConfigDict(frozen=True)

    group: int
    page: str
    article_id: str
    start: int
    end: int
    text: str


class Item(BaseModel):
    """One question of a run: what was asked, the whole ask object, its metrics; or the error that ask raised."""

    model_config = ConfigDict(frozen=True)

    id: str
    question: str
    row: Question
    result: dict[str, object] | None
    error: str | None = None
    metrics: dict[str, float | None] = {}
    gold_spans: tuple[GoldRow, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether the assistant raised instead of answering."""
        return self.result is None

    @property
    def cluster(self) -> str:
        """What the statistics resample: the row's cluster, else the question itself."""
        return self.row.cluster or self.id

    def answer(self) -> Result:
        """Return the checked ask object. Raises `HarnessError` for a failed question."""
        if self.result is None:
            raise HarnessError(f"question `{self.id}` has no answer: {self.error}")
        return read_result(self.result)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A finished run as it was recorded."""

    folder: Path
    manifest: Mapping[str, Json]
    items: tuple[Item, ...]
    summary: Mapping[str, Json]


def read_run(folder: Path) -> Run:
    """Read a finished run. Raises `HarnessError` naming the file that is missing or broken."""
    return Run(
        folder=folder,
        manifest=read_object(folder / MANIFEST),
        items=read_items(folder),
        summary=read_object(folder / SUMMARY),
    )


def read_items(folder: Path) -> tuple[Item, ...]:
    """Read the rows of a run; a last line cut short by a kill is left out."""
    path = folder / ITEMS
    try:
        lines = path.read_text("utf-8").split("\n")
    except OSError as error:
        raise HarnessError(f"`{path}` cannot be read: {error.strerror}; give the folder of a run") from error
    return tuple(_item(line, path) for line in lines[:-1] if line)


def append_item(folder: Path, item: Item) -> None:
    """Add one row and see it to the disk."""
    with (folder / ITEMS).open("a", encoding="utf-8") as file:
        file.write(item.model_dump_json(exclude_unset=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def drop_torn_line(folder: Path) -> None:
    """Cut off what a kill left of an unfinished last row."""
    path = folder / ITEMS
    if path.exists():
        raw = path.read_bytes()
        with path.open("r+b") as file:
            file.truncate(raw.rfind(b"\n") + 1)


def write_object(path: Path, value: Mapping[str, Json]) -> None:
    """Write a JSON object in one step: readers see the old file or the new one."""
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")
    partial.replace(path)


def read_object(path: Path) -> Mapping[str, Json]:
    """Read a JSON object. Raises `HarnessError` naming the file."""
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise HarnessError(f"`{path}` cannot be read as JSON ({error}); give the folder of a finished run") from error
    if not isinstance(value, dict):
        raise HarnessError(f"`{path}` holds no JSON object; give the folder of a finished run")
    return value


def _item(line: str, path: Path) -> Item:
    try:
        return Item.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise HarnessError(
            f"`{path}` has a broken row: {first['loc']}: {first['msg']}; run the evaluation again"
        ) from error
