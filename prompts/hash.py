"""The hash of a prompt, by which recorded replies are found again."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.types import Turn


def prompt_hash(messages: Sequence[Turn]) -> str:
    """Return the SHA-256, in hexadecimal, of the roles and contents of a prompt."""
    turns = [[turn.role, turn.content] for turn in messages]
    return hashlib.sha256(json.dumps(turns, ensure_ascii=True, separators=(",", ":")).encode("ascii")).hexdigest()
