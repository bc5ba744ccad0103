"""How much each key has asked: in this minute, on this day, and at once."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api.access.keys import Key

MINUTE_S, DAY_S = 60.0, 86400.0


class OverLimitError(Exception):
    """A key has no request left; `wait_s` is when it may try again."""

    def __init__(self, message: str, *, wait_s: int) -> None:
        super().__init__(message)
        self.wait_s = wait_s


@dataclass(slots=True)
class _Used:
    """What a key has used: times of the last minute's requests, the running day and its count, running requests."""

    recent: deque[float] = field(default_factory=deque)
    day: int = 0
    today: int = 0
    running: int = 0


class Limits:
    """Counts in memory, for this process alone.

    `clock` gives seconds since the epoch, so that days are UTC days; `steady` gives seconds that nobody sets back.
    """

    def __init__(self, *, clock: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._steady = steady
        self._lock = threading.Lock()
        self._used: dict[str, _Used] = {}

    @contextmanager
    def taken(self, key: Key) -> Iterator[None]:
        """Count one request for as long as it runs. Raises `OverLimitError`, and then nothing is counted."""
        with self._lock:
            used = self._used.setdefault(key.name, _Used())
            _check(key, used, now=self._clock(), tick=self._steady())
            used.running += 1
        try:
            yield
        finally:
            with self._lock:
                used.running -= 1


def _check(key: Key, used: _Used, *, now: float, tick: float) -> None:
    """Count the request, unless one of the limits is reached."""
    day = int(now // DAY_S)
    if day != used.day:
        used.day, used.today = day, 0
    while used.recent and used.recent[0] <= tick - MINUTE_S:
        used.recent.popleft()
    if key.at_once is not None and used.running >= key.at_once:
        raise OverLimitError(f"this key runs {key.at_once} requests at once at most", wait_s=1)
    if key.per_minute is not None and len(used.recent) >= key.per_minute:
        wait_s = max(math.ceil(used.recent[-key.per_minute] + MINUTE_S - tick), 1)
        raise OverLimitError(f"this key has {key.per_minute} requests a minute", wait_s=wait_s)
    if key.per_day is not None and used.today >= key.per_day:
        raise OverLimitError(
            f"this key has {key.per_day} requests a day (UTC)", wait_s=int((day + 1) * DAY_S - now) + 1
        )
    used.today += 1
    if key.per_minute is not None:
        used.recent.append(tick)
