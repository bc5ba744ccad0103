"""Writes an answer to the terminal: its text while it is being written, then what stands below it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from api.cli.messages import WORDS
from api.cli.printing import line, note, terminal_columns, write
from api.cli.sources import sources_text
from api.cli.wrapping import Wrapper

if TYPE_CHECKING:
    from collections.abc import Iterable

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
