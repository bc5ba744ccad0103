"""Web and mail addresses that a model made up, or took from elsewhere than the passages that it cites."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.types import Passage

_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|www\.)[^\s<>\[\]（）()。，；！？、“”\"']+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|"
    r"(?<![\w.@])(?:[a-z0-9-]+\.)+(?:com|cn|net|org|io|gov|edu|top|xyz|info|example)(?![\w])(?:/[^\s<>\[\]（）()。，；！？、“”\"']*)?",
    re.IGNORECASE | re.ASCII,
)


def foreign_addresses(text: str, passages: Sequence[Passage]) -> tuple[str, ...]:
    """Return the addresses in the text that stand in none of the passages, in order."""
    held = "\n".join(passage.text for passage in passages).casefold()
    found = (address.rstrip(".,:;!?") for address in _ADDRESS.findall(text))
    return tuple(address for address in found if address.casefold() not in held)
