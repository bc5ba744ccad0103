"""Runs one blocking call under a hard limit on its whole time, whatever the library's own limits mean."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def within(seconds: float, call: Callable[[], T]) -> T:
    """Return what `call` returns, or raise what it raises; `TimeoutError` after `seconds`.

    A call that is late goes on in a daemon thread and its outcome is dropped: a server that trickles bytes restarts
    every per-read limit, and no other way out of a blocked read works for all libraries.
    """
    outcome: queue.SimpleQueue[tuple[T, None] | tuple[None, Exception]] = queue.SimpleQueue()
    threading.Thread(target=_run, args=(call, outcome), daemon=True).start()
    try:
        result, error = outcome.get(timeout=max(seconds, 0.0))
    except queue.Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # no error: the result is there


def _run(call: Callable[[], T], outcome: queue.SimpleQueue[tuple[T, None] | tuple[None, Exception]]) -> None:
    try:
        outcome.put((call(), None))
    except Exception as error:  # noqa: BLE001 -- handed to the caller, whole
        outcome.put((None, error))
