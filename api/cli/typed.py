"""Reads what is typed into a conversation, with line editing, history and completion where the platform has them."""

from __future__ import annotations

import sys

PROMPT = "› "
CONTINUED = "\\"


def read_message() -> str | None:
    """Return one message, `None` at the end of input; a line that ends in a backslash goes on in the next."""
    lines: list[str] = []
    while True:
        try:
            typed = input(PROMPT if sys.stdin.isatty() else "")
        except EOFError:
            return "\n".join(lines).strip() if lines else None
        lines.append(typed.removesuffix(CONTINUED))
        if not typed.endswith(CONTINUED):
            return "\n".join(lines).strip()


def edit_lines(commands: list[str]) -> None:
    """Give the input line editing, history and completion, where the platform has them."""
    if not sys.stdin.isatty():
        return
    try:
        import readline
    except ImportError:
        return

    def complete(prefix: str, state: int) -> str | None:
        found = [name for name in commands if name.startswith(prefix)]
        return found[state] if state < len(found) else None

    readline.set_completer_delims(" ")
    readline.set_completer(complete)
    readline.parse_and_bind("tab: complete")
