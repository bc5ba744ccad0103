"""Paragraphs that speak to a language model instead of the reader: no evidence, whoever answers, and shown to no model."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.answer.commands import is_instruction, opens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.types import Answer, Passage

# Passages of which it is remembered whether they hold orders: those of a collection come back question after question.
KEPT = 4096


def without_instructions(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Return the passages with blanks for every paragraph that speaks to a model, so that all else keeps its place."""
    return tuple(_blanked(passage) for passage in passages)


def restored(answer: Answer, passages: Sequence[Passage]) -> Answer:
    """Return the answer with its passages and quotes as they are in the articles."""
    whole = {row.chunk_id: row for row in passages}
    shown = tuple(replace(whole.get(row.chunk_id, row), label=row.label) for row in answer.passages)
    quoted = []
    for row in answer.citations:
        held = next(
            (one for one in passages if one.article_id == row.article_id and _holds(one, row.start, row.end)), None
        )
        quote = row.quote if held is None else held.text[row.start - held.start : row.end - held.start]
        quoted.append(replace(row, quote=quote, title=row.title if held is None else held.title))
    return replace(answer, passages=shown, citations=tuple(quoted))


def _holds(passage: Passage, start: int, end: int) -> bool:
    return passage.start <= start and end <= passage.start + len(passage.text)


def _blanked(passage: Passage) -> Passage:
    text, header, title = _text_without(passage.text), _text_without(passage.header), _text_without(passage.title)
    if (text, header, title) == (passage.text, passage.header, passage.title):
        return passage
    return replace(passage, text=text, header=header.strip(), title=title.strip())


@lru_cache(maxsize=KEPT)
def _text_without(text: str) -> str:
    """Return the text with blanks for each line that is an instruction."""
    if not is_instruction(text) and ("\n" not in text or not is_instruction(text.replace("\n", ""))):
        return text
    lines = text.split("\n")
    told = _told(lines)
    return "\n".join(" " * len(line) if at in told else line for at, line in enumerate(lines))


def _told(lines: Sequence[str]) -> frozenset[int]:
    """Return the places of the lines that are instructions: alone, with the line behind them, or behind one that opens."""
    alone = {at for at, line in enumerate(lines) if is_instruction(line)}
    pairs = [at for at in range(len(lines) - 1) if not {at, at + 1} & alone]
    together = {at for at in pairs if is_instruction(f"{lines[at].strip()}{lines[at + 1].strip()}")}
    behind = {at + 1 for at in alone if opens(lines[at])}
    return frozenset(alone | together | {at + 1 for at in together} | behind)
