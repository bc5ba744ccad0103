"""An answer while it is being written: pieces to read from one thread, a close that another may call."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING

from rag.errors import HuwenError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rag.types import Answer


class _ClosedError(Exception):
    """Unwinds the writer after its reader has left."""


class AnswerStream:
    """Iterate for the pieces of text; then `answer` holds the whole. Errors of the writer are raised while iterating."""

    def __init__(self, write: Callable[[Callable[[str], None]], Answer]) -> None:
        self._write = write
        self._pieces: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._answer: Answer | None = None
        self._error: BaseException | None = None
        self._writer = threading.Thread(target=self._run, name="huwen-answer", daemon=True)
        self._writer.start()

    @property
    def answer(self) -> Answer:
        """The whole answer, known once the pieces are exhausted."""
        if self._answer is None:
            raise RuntimeError("the answer is not whole yet: iterate to the end first")
        return self._answer

    def __iter__(self) -> Iterator[str]:
        while (piece := self._pieces.get()) is not None:
            yield piece
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        """Stop the writer at its next piece; the reader, if it still waits, sees the end. Safe to call twice."""
        self._closed.set()
        self._pieces.put(None)

    def _emit(self, piece: str) -> None:
        if self._closed.is_set():
            raise _ClosedError
        if piece:
            self._pieces.put(piece)

    def _run(self) -> None:
        try:
            self._answer = self._write(self._emit)
        except _ClosedError:
            self._error = HuwenError("the answer was stopped before it was whole")
        except BaseException as error:  # noqa: BLE001 - it is raised again in the reader's thread
            self._error = error
        finally:
            self._pieces.put(None)
