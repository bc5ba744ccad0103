"""Writes an answer to the terminal: its text while it is being written, then what stands below it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from api.cli.messages import WORDS
from api.cli.printing import line, note, terminal_columns, write
from api.cli.sources import sources_text
from api.cli.wrapping import Wrapper

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rag.types import Answer


def print_pieces(pieces: Iterable[str]) -> None:
    """Write an answer's text as it arrives, its lines broken for the terminal, and end the line."""
    columns = terminal_columns()
    if columns is None:
        for piece in pieces:
            write(piece)
            sys.stdout.flush()
    else:
        wrapper = Wrapper(columns=columns)
        for piece in pieces:
            write(wrapper.feed(piece))
        write(wrapper.end())
    line()


def print_rest(answer: Answer, *, show_prompt: bool) -> None:
    """Write sources and remarks, and to stderr the prompt where it is wanted."""
    below = sources_text(answer, columns=terminal_columns())
    if below:
        line("\n" + below)
    if show_prompt:
        text = WORDS[answer.question.lang]
        for turn in answer.prompt:
            note(f"\n--- {turn.role}\n{turn.content}")
        if not answer.prompt:
            note(text.prompt_none.format(llm=answer.llm))


def print_explanation(answer: Answer) -> None:
    """Write to stderr why it was decided so: a line for each plain value, deeper ones indented."""
    for text in explanation_lines(answer.explain):
        note(text)


def explanation_lines(value: object, *, depth: int = 0) -> Iterator[str]:
    """Yield the lines of an explanation: mappings as `name: value`, sequences as their items."""
    indent = "  " * depth
    if isinstance(value, Mapping):
        for name, part in value.items():
            if isinstance(part, Mapping | list | tuple) and part:
                yield f"{indent}{name}:"
                yield from explanation_lines(part, depth=depth + 1)
            else:
                yield f"{indent}{name}: {_plain(part)}"
    elif isinstance(value, list | tuple):
        for part in value:
            lines = list(explanation_lines(part, depth=depth + 1))
            yield f"{indent}- {lines[0].strip()}" if lines else f"{indent}-"
            yield from lines[1:]
    else:
        yield f"{indent}{_plain(value)}"


def _plain(value: object) -> str:
    return "-" if value is None or value in ((), [], {}) else str(value).replace("\n", " ")
