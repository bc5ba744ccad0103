"""Takes a model's thoughts, `<think>…</think>`, out of a stream of text."""

from __future__ import annotations

import re

_MARK = re.compile(r"<(/?)(?:think|thinking|reasoning)>", re.IGNORECASE)
_LONGEST_MARK = len("</reasoning>")


class ThoughtFilter:
    """Feed it pieces in order; it returns what is not thought. A mark may be cut between two pieces."""

    def __init__(self) -> None:
        self._pending = ""
        self._inside = False

    def feed(self, piece: str) -> str:
        """Return the part of the text so far that is certain to be the answer's and was not returned yet."""
        self._pending += piece
        kept = self._take_marks()
        at = self._pending.rfind("<")
        cut = at if at >= 0 and len(self._pending) - at < _LONGEST_MARK else len(self._pending)
        if not self._inside:
            kept += self._pending[:cut]
        self._pending = self._pending[cut:]
        return kept

    def end(self) -> str:
        """Return what was held back in case a mark followed."""
        kept = "" if self._inside else self._pending
        self._pending = ""
        return kept

    def _take_marks(self) -> str:
        kept = ""
        while (mark := _MARK.search(self._pending)) is not None:
            if not self._inside:
                kept += self._pending[: mark.start()]
            self._inside = not mark[1]
            self._pending = self._pending[mark.end() :]
        return kept
