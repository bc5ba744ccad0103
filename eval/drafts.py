"""Questions that a user marked as wrong, kept in a local file until a person accepts them into a question set."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from eval.questions import Question, load_questions
from rag.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rag.contract import Json

TYPE = "draft"


def add_draft(path: Path, *, result: Mapping[str, Json], note: str, history: Sequence[Mapping[str, Json]] = ()) -> str:
    """Append what was asked and answered as a question to be completed, and return its id.

    `result` is the ask object. The row is a valid question whose key points and gold a person has still to write; the
    answer and the passages that were wrong stand beside it under `marked`. The same question marked twice is one draft.
    """
    question = str(result["question"])
    draft_id = "draft-" + hashlib.sha256(json.dumps([question, list(history)]).encode()).hexdigest()[:10]
    if path.exists() and any(row.id == draft_id for row in load_questions([path]).questions):
        return draft_id
    row: dict[str, Json] = {
        "id": draft_id,
        "lang": result.get("lang"),
        "type": TYPE,
        "question": question,
        "history": list(history),
        "as_of": result.get("as_of"),
        "answer": "",
        "key_points": [],
        "gold": [],
        "answerable": True,
        "notes": note,
        "marked": {name: result.get(name) for name in ("status", "reason", "answer", "citations")},
    }
    Question.model_validate(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return draft_id


def accept_draft(path: Path, *, draft_id: str, into: Path) -> None:
    """Move a completed draft into a question file. Raises `UsageError` where it is missing or not complete."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line] if path.exists() else []
    chosen = next((row for row in rows if row["id"] == draft_id), None)
    if chosen is None:
        raise UsageError(f"no draft `{draft_id}` in `{path}`; `huwen eval draft` lists them")
    if chosen.get("answerable", True) and not (chosen.get("key_points") and chosen.get("gold")):
        raise UsageError(
            f"draft `{draft_id}` in `{path}` needs `key_points` and `gold` before it can be accepted; edit the file"
        )
    kept = {name: value for name, value in chosen.items() if name != "marked"}
    with into.open("a", encoding="utf-8") as file:
        file.write(json.dumps(kept, ensure_ascii=False) + "\n")
    left = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows if row is not chosen)
    path.write_text(left, "utf-8")
