"""The parts of a question that asks several things at once, each to be answered by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.answer.coverage import Unit, units_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rag.types import Question

_BORDER = re.compile(r"[，,；;？?。！!]|(?<=[a-z]) and (?=how|what|who|when|where|which|why)", re.IGNORECASE)
_ASKS = re.compile(
    r"多少|几|谁|什么|啥|哪|怎么|如何|何时|为何|吗|多[大高长久重远]|能不能|是不是|"
    r"\b(?:how|what|who|whom|when|where|which|why|is|are|does|do|did|can)\b",
    re.IGNORECASE,
)


def parts_of(question: Question) -> tuple[Question, ...]:
    """Return the question's asking clauses as questions of their own; only itself where it has fewer than two."""
    clauses = (clause.strip() for clause in _BORDER.split(question.text))
    asking = [clause for clause in clauses if _ASKS.search(clause)]
    return (question,) if len(asking) < 2 else tuple(replace(question, text=clause) for clause in asking)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A clause of a question that asks something, as a question of its own, with its units."""

    question: Question
    units: tuple[Unit, ...]


def read_parts(question: Question, *, idf: Callable[[Sequence[str]], list[float]]) -> tuple[Part, ...]:
    """Return the parts of a question with their units."""
    return tuple(Part(question=part, units=units_of(part, idf=idf)) for part in parts_of(question))
