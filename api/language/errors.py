"""Says the message of an error in Chinese, by a table of all messages; one that is not in the table stays as it is."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rag.types import Lang

TABLE = Path(__file__).with_name("errors.zh.txt")
HOLE = re.compile(r"\{(\d)\}")
# What joins the messages of several failures.
JOINTS = (" / ", "; ")
# Messages hold messages, such as the reason of a failure; none holds more than a few.
DEEPEST = 4


def in_language(message: str, lang: Lang) -> str:
    """Return the message in a language; what it quotes (names, values, commands) stays as it is."""
    return _chinese(message, depth=0) if lang == "zh" else message


def _chinese(message: str, *, depth: int) -> str:
    found = _whole(message, depth)
    if found is not None:
        return found
    for joint in JOINTS:
        parts = _joined(message.split(joint), joint, depth)
        if parts is not None:
            return "；".join(parts)
    return message


def _whole(message: str, depth: int) -> str | None:
    """Return one message in Chinese, `None` where the table does not have it."""
    for pattern, chinese in _patterns():
        found = pattern.fullmatch(message)
        if found is not None:
            return _filled(chinese, {name: _held(value, depth) for name, value in found.groupdict().items()})
    return None


def _filled(chinese: str, held: Mapping[str, str]) -> str:
    return HOLE.sub(lambda hole: held[f"h{hole[1]}"], chinese)


def _joined(parts: list[str], joint: str, depth: int) -> list[str] | None:
    """Return the messages that were joined, each in Chinese where it can be; the joint may stand within a message too."""
    said: list[str] = []
    at, is_known = 0, False
    while at < len(parts):
        ends = range(len(parts), at, -1)
        known = ((end, _whole(joint.join(parts[at:end]), depth)) for end in ends)
        end, chinese = next(((end, text) for end, text in known if text is not None), (at + 1, None))
        said.append(parts[at] if chinese is None else chinese)
        is_known |= chinese is not None
        at = end
    return said if is_known else None


def _held(value: str, depth: int) -> str:
    return _chinese(value, depth=depth + 1) if depth < DEEPEST else value


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return a pattern for each message with its Chinese; those that say most come first."""
    rows = sorted(table(), key=lambda row: -len(HOLE.sub("", row[0])))
    return tuple((_pattern(message), chinese) for message, chinese in rows)


def table() -> Iterator[tuple[str, str]]:
    """Yield each message with its Chinese."""
    blocks = TABLE.read_text("utf-8").split("\n\n")
    for block in blocks[1:]:
        message, chinese = block.strip("\n").split("\n")
        yield message, chinese


def _pattern(message: str) -> re.Pattern[str]:
    seen: set[str] = set()
    parts = HOLE.split(message)
    for at in range(1, len(parts), 2):
        name = parts[at]
        # What stands in backticks holds none, so that one message is not taken for a part of its neighbour.
        filled = "[^`]*?" if parts[at - 1].endswith("`") and parts[at + 1].startswith("`") else ".*?"
        parts[at] = f"(?P=h{name})" if name in seen else f"(?P<h{name}>{filled})"
        seen.add(name)
    return re.compile("".join(part if at % 2 else re.escape(part) for at, part in enumerate(parts)), re.DOTALL)
