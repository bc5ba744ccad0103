"""Answers made elsewhere: the prompts to make them from, and their reading as ask objects, so that one code scores all."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.normalise import LABEL
from eval.sentences import sentences
from prompts.hash import prompt_hash
from rag.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.contract import Json
    from rag.types import Answer, Passage

LABELS = re.compile(r"\[([0-9]+)\]")
# The other forms in which models write the numbers of passages: 【1】, [^1], [1,2], [1-3].
MARK = re.compile(r"[\[【]\s*\^?([0-9]{1,2}(?:\s*[-–~,，、;；]\s*\^?[0-9]{1,2})*)\s*(?:†[^】\n]*)?[\]】]")
NUMBERS = re.compile(r"([0-9]{1,2})(?:\s*[-–~]\s*([0-9]{1,2}))?")
AFTER_STOP = re.compile(r"([。！？；!?;.]+)\s*((?:\[[0-9]+\])+)")
REFUSAL = re.compile(r"^\W*refuse\W+(\w*)", re.IGNORECASE)
DECLINES = re.compile(
    r"^\W*(?:(?:提供的|所给的?|现有|上述)?(?:资料|文章|材料|段落|语料)(?:里|中|内)?(?:都|均|并)?(?:没有|未|不)(?:提到|提及|说明|包含|给出|找到|涉及)"
    r"|没有找到|未找到|无法(?:回答|确定)|不知道"
    r"|the (?:articles?|passages?|sources?|documents?) (?:do|does) not|i (?:do not|don't|cannot|can't)|not (?:stated|found|given) in)",
    re.IGNORECASE,
)
# What opens a passage in a prompt; its first occurrence is where the rules name it.
FENCE = re.compile(r"<<<[0-9a-f]{12}")
REASONS = frozenset(
    {"no_evidence", "weak_evidence", "outside_dates", "content_missing", "unsupported", "false_premise"}
)


class OutsideAnswer(BaseModel):
    """One line of an answers file. `refused` overrides what the wording of the answer suggests."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    id: str
    answer: str
    refused: bool | None = None
    confidence: float = 1.0


def read_answers(path: Path) -> dict[str, OutsideAnswer]:
    """Read an answers file by question id. Raises `UsageError` naming file, line and reason."""
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except OSError as error:
        raise UsageError(f"the answers file `{path}` cannot be read: {error.strerror}") from error
    answers: dict[str, OutsideAnswer] = {}
    for number, line in enumerate(lines, start=1):
        if line.strip():
            row = _row(line, path, number)
            answers[row.id] = row
    return answers


def prompt_row(question_id: str, answer: Answer) -> dict[str, Json]:
    """Return one line of a prompts file: the messages, their hash, and which passage each number in them stands for."""
    return {
        "id": question_id,
        "prompt": prompt_hash(answer.prompt),
        "messages": [{"role": turn.role, "content": turn.content} for turn in answer.prompt],
        "passages": [
            {"number": row.rank, "article_id": row.article_id, "chunk_id": row.chunk_id}
            for row in answer.passages[: _shown(answer)]
        ],
    }


def _shown(answer: Answer) -> int:
    """Return how many passages the prompt had room for; the mark that fences them stands in nothing that they say."""
    if not answer.prompt:
        return len(answer.passages)
    asked = answer.prompt[-1].content
    mark = FENCE.search(asked)
    return 0 if mark is None else len(re.findall(rf"^{mark[0]} \[[1-9][0-9]*\]$", asked, re.MULTILINE))


def outside_result(
    outside: OutsideAnswer, *, asked: dict[str, Json], passages: Sequence[Passage], name: str
) -> dict[str, Json]:
    """Return an outside answer as an ask object over the passages that its prompt showed.

    Number n in its text is the n-th passage; a citation is the whole passage, since no closer one is known. `asked` is
    the ask object of our own answer to the question, from which what is not an answer is taken.
    """
    found = REFUSAL.match(outside.answer)
    refused = is_refusal(outside)
    reason = _reason(found[1] if found is not None else "") if refused else None
    said = MARK.sub(_plain, outside.answer)
    text = REFUSAL.sub("", said, count=1).strip() if found is not None else said.strip()
    used = {number: place for place, number in enumerate(_numbers(text, len(passages)), start=1)}
    relabelled = LABELS.sub(lambda match: f"[{used[int(match[1])]}]" if int(match[1]) in used else "", text)
    inward = AFTER_STOP.sub(r"\2\1", relabelled)
    claims = [_claim(inward[row.start : row.end]) for row in sentences(inward)]
    return asked | {
        "status": "refused" if refused else "answered",
        "reason": reason,
        "answer": relabelled,
        "confidence": outside.confidence,
        "notice": None,
        "missing": [],
        "citations": [_citation(passages[number - 1], label) for number, label in used.items()],
        "claims": [claim for claim in claims if claim["text"]],
        "passages": _labelled(asked["passages"], {passages[number - 1].rank: label for number, label in used.items()}),
        "llm": name,
        "usage": None,
        "timings_ms": {},
    }


def is_refusal(outside: OutsideAnswer) -> bool:
    """Tell whether an outside answer declines: by what its line says, else by its wording."""
    if outside.refused is not None:
        return outside.refused
    said = outside.answer
    return not said.strip() or REFUSAL.match(said) is not None or DECLINES.match(said) is not None


def _plain(mark: re.Match[str]) -> str:
    """Write a mark as [1], one for each number."""
    spans = [(int(found[1]), int(found[2] or found[1])) for found in NUMBERS.finditer(mark[1])]
    return "".join(f"[{number}]" for first, last in spans for number in range(first, last + 1))


def _numbers(text: str, most: int) -> list[int]:
    """Return the passage numbers in the order of first use; one that no passage has is no citation."""
    return [number for number in dict.fromkeys(map(int, LABELS.findall(text))) if 1 <= number <= most]


def _claim(text: str) -> dict[str, Json]:
    return {
        "text": LABEL.sub("", text).strip(" \n。.;；"),
        "labels": list(dict.fromkeys(map(int, LABELS.findall(text)))),
        "supported": True,
        "problems": [],
    }


def _citation(row: Passage, label: int) -> dict[str, Json]:
    return {
        "label": label,
        "article_id": row.article_id,
        "page_id": row.page_id,
        "title": row.title,
        "source": row.source,
        "published": None if row.published is None else row.published.isoformat(),
        "url": row.url,
        "quote": row.text,
        "start": row.start,
        "end": row.start + len(row.text),
    }


def _labelled(passages: Json, labels: dict[int, int]) -> list[Json]:
    rows = passages if isinstance(passages, list) else []
    return [row | {"label": labels.get(row["rank"])} for row in rows]


def _reason(word: str) -> str:
    return word.lower() if word.lower() in REASONS else "no_evidence"


def _row(line: str, path: Path, number: int) -> OutsideAnswer:
    try:
        return OutsideAnswer.model_validate(json.loads(line))
    except (ValidationError, ValueError) as error:
        raise UsageError(
            f'`{path}` line {number} is not an answer ({str(error).splitlines()[0]}); write {{"id": "…", "answer": "…"}} a line'
        ) from error
