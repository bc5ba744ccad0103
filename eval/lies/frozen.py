"""A set of lies in a file, so that a checker is measured by the same ones while the generator goes on."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING

from eval.lies.claim import Lie, TrueClaim
from eval.lies.measure import LieSet
from rag.types import Passage

if TYPE_CHECKING:
    from pathlib import Path

# What says how a passage was found; a claim's checker reads none of it.
SEARCHED = ("rank", "score", "origins", "label", "also", "flags")


def write_set(rows: LieSet, path: Path) -> None:
    """Write the set as JSON, one claim a line, each passage once."""
    passages: dict[str, Passage] = {}
    cited: tuple[TrueClaim | Lie, ...] = (*rows.claims, *rows.lies)
    for row in cited:
        passage = row.passages[row.cited]
        passages[_key(passage)] = passage
    lines = [f' "{key}": {_json(_passage_fields(row))}' for key, row in sorted(passages.items())]
    truths = [_json(_fields(row) | {"form": row.form}) for row in rows.claims]
    lies = [_json(_fields(row) | {"kind": row.kind, "was": row.was, "now": row.now}) for row in rows.lies]
    blocks = (
        '{"passages": {',
        ",\n".join(lines),
        '},\n"claims": [',
        ",\n ".join(truths),
        '],\n"lies": [',
        ",\n ".join(lies),
        "]}",
    )
    path.write_text("\n".join(blocks) + "\n", "utf-8")


def read_set(path: Path) -> LieSet:
    """Return a set that was written so; each claim knows only the passage that it cites."""
    stored = json.loads(path.read_text("utf-8"))
    passages = {key: _passage(fields) for key, fields in stored["passages"].items()}

    def of(row: dict[str, str]) -> dict[str, str]:
        return {name: value for name, value in row.items() if name != "passage"}

    claims = [TrueClaim(passages=(passages[row["passage"]],), cited=0, **of(row)) for row in stored["claims"]]
    lies = [Lie(passages=(passages[row["passage"]],), cited=0, **of(row)) for row in stored["lies"]]  # type: ignore[arg-type]
    return LieSet(claims=tuple(claims), lies=tuple(lies))


def _fields(row: TrueClaim | Lie) -> dict[str, str]:
    return {"key": row.key, "passage": _key(row.passages[row.cited]), "text": row.text}


def _key(passage: Passage) -> str:
    """Return what tells a passage apart: one chunk may have been found alone and with its neighbours."""
    return f"{passage.chunk_id}+{len(passage.text)}"


def _passage_fields(passage: Passage) -> dict[str, object]:
    fields = asdict(replace(passage, origins={}))
    fields["published"] = None if passage.published is None else passage.published.isoformat()
    return {name: value for name, value in fields.items() if name not in SEARCHED}


def _passage(fields: dict[str, str]) -> Passage:
    day = fields["published"]
    published = None if day is None else date.fromisoformat(day)
    return Passage(rank=1, score=1.0, **(fields | {"published": published}))  # type: ignore[arg-type]


def _json(row: object) -> str:
    return json.dumps(row, ensure_ascii=False)
