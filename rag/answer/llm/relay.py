"""Runs one upstream call in a thread of its own, so that no server can hold the reader past the deadline."""

from __future__ import annotations

import contextlib
import queue
import threading
from typing import TYPE_CHECKING

from rag.errors import BackendTimeoutError
from rag.types import Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from rag.answer.llm.wire import Wire


# While the server is silent the reader gets an empty piece this often, so that it can notice that nobody listens.
PULSE_S = 0.2


class Relay:
    """A `Completion` whose pieces a worker thread reads. `call` yields pieces of text and, where known, the usage."""

    def __init__(self, call: Callable[[Wire], Generator[str | Usage]], *, wire: Wire, name: str) -> None:
        self._call = call
        self._wire = wire
        self._name = name
        self._usage: Usage | None = None
        self._items: queue.SimpleQueue[str | Usage | BaseException | None] = queue.SimpleQueue()
        threading.Thread(target=self._work, name="huwen-llm", daemon=True).start()

    @property
    def usage(self) -> Usage | None:
        """Tokens used, known once the pieces are exhausted; `None` where the server does not say."""
        return self._usage

    def __iter__(self) -> Iterator[str]:
        while (item := self._next()) is not None:
            if isinstance(item, BaseException):
                raise item
            if isinstance(item, Usage):
                self._usage = item
            else:
                yield item

    def close(self) -> None:
        """Cut the upstream call; safe to call twice."""
        self._wire.cut()
        self._items.put(None)

    def _next(self) -> str | Usage | BaseException | None:
        try:
            return self._items.get(timeout=min(PULSE_S, self._wire.remaining_s))
        except queue.Empty:
            if self._wire.remaining_s > 0.0:
                return ""
            self._wire.cut()
            return self._too_late()

    def _work(self) -> None:
        try:
            with contextlib.closing(self._call(self._wire)) as items:
                self._forward(items)
        except BaseException as error:  # noqa: BLE001 - it is raised again in the reader's thread
            # After a cut every error is an echo of it.
            self._items.put(None if self._wire.is_cut else error)
        finally:
            self._items.put(None)

    def _forward(self, items: Iterator[str | Usage]) -> None:
        for item in items:
            self._items.put(item)
            if self._wire.remaining_s == 0.0:
                raise self._too_late()

    def _too_late(self) -> BackendTimeoutError:
        return BackendTimeoutError(
            f"`{self._name}` did not finish before the deadline; raise `llm_deadline_s` or choose a faster model"
        )
