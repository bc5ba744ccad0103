"""Lends out the assistant over the newest revision of an index; opens it anew when a sync has published another."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rag.assembly import open_assistant
from rag.errors import IndexStateError
from rag.index.lease import published_stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.answer.assistant import Assistant
    from rag.config import Settings

Stamp = tuple[int, int, int]


@dataclass(slots=True)
class _Lent:
    """An open assistant, how many use it, and whether a newer one has taken its place."""

    assistant: Assistant
    stamp: Stamp | None
    users: int = 0
    is_retired: bool = False


class Assistants:
    """Any thread may borrow; a request keeps the revision that it began with to its end."""

    def __init__(self, settings: Settings) -> None:
        """Open the index. Raises what `open_assistant` raises."""
        self.settings = settings
        self._lock = threading.Lock()
        self._current = self._open()

    @contextmanager
    def borrow(self) -> Iterator[Assistant]:
        """Yield the assistant over the newest revision that could be opened."""
        with self._lock:
            self._renew()
            lent = self._current
            lent.users += 1
        try:
            yield lent.assistant
        finally:
            with self._lock:
                lent.users -= 1
                _close_unused(lent)

    def published(self) -> datetime | None:
        """Return when the revision that is served was published, in UTC; `None` where nobody can tell."""
        stamp = self._current.stamp
        return None if stamp is None else datetime.fromtimestamp(stamp[1] // 1_000_000_000, UTC)

    def close(self) -> None:
        """Close the index once the last request is done with it."""
        with self._lock:
            self._current.is_retired = True
            _close_unused(self._current)

    def _open(self) -> _Lent:
        # The stamp is taken first: a revision published in between is noticed the next time.
        stamp = _stamp(self.settings)
        return _Lent(open_assistant(self.settings), stamp)

    def _renew(self) -> None:
        if _stamp(self.settings) == self._current.stamp:
            return
        try:
            newer = self._open()
        except IndexStateError:
            # What is open goes on answering; /readyz and the next request try again.
            return
        self._current.is_retired = True
        _close_unused(self._current)
        self._current = newer


def _close_unused(lent: _Lent) -> None:
    if lent.is_retired and lent.users == 0:
        lent.assistant.close()


def _stamp(settings: Settings) -> Stamp | None:
    """Return what changes whenever a manifest is published, `None` where there is none."""
    return published_stamp(settings.index)
