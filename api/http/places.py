"""How many requests are worked on at once, and how long others wait for a place before they are told to come again."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BUSY = "too many questions at once; try again soon"
MOST_WAITING = 128
# A few may always wait, and so may a burst. Where more wait and others were just sent away, or where more have been waiting
# for long without a break, the server has too much to do. Whoever comes then is soon told so, and the newest go first, so that
# those who are served are served fast. (After CoDel, RFC 8289, which drops by how long a queue has stood, not by its length.)
FEW, STANDS_AFTER_S, REMEMBERED_S = 8, 5.0, 5.0
BURST_S, CROWD_S = 5.0, 0.05
AGAIN = {"Retry-After": "1"}


class Places:
    """All methods are for the event loop."""

    def __init__(self, at_once: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.at_once = at_once
        self._clock = clock
        self._running = 0
        # Who waits, the oldest first, each with the time since when.
        self._waiting: deque[tuple[asyncio.Future[None], float]] = deque()
        self._waited_since = clock()
        self._refused_at = -math.inf

    @property
    def is_full(self) -> bool:
        """Whether whoever comes now is sent away."""
        return self._running >= self.at_once and len(self._waiting) >= MOST_WAITING

    async def take(self) -> None:
        """Get a place, which must be left once. Raises `HTTPException` 503 where none gets free soon enough."""
        if self._running < self.at_once:
            self._running += 1
            return
        if self.is_full:
            raise self.refuse()
        place = asyncio.get_running_loop().create_future()
        waiter = (place, self._clock())
        if not self._waiting:
            self._waited_since = self._clock()
        self._waiting.append(waiter)
        try:
            await asyncio.wait_for(place, self._patience())
        except BaseException as error:
            # It may have been given in the very turn in which the waiting ended.
            if place.done() and not place.cancelled() and place.exception() is None:
                self.leave()
            if isinstance(error, TimeoutError):
                raise self.refuse() from None
            raise
        finally:
            if waiter in self._waiting:
                self._waiting.remove(waiter)

    def leave(self) -> None:
        """Give the place to one who waits."""
        self._send_away()
        while self._waiting:
            place, _ = self._waiting.pop() if self._is_crowded() else self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._running -= 1

    def refuse(self) -> HTTPException:
        """Return what one is told who does not get a place; that this happened is remembered for a while."""
        self._refused_at = self._clock()
        return HTTPException(503, BUSY, headers=AGAIN)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Leave the place that was taken, whatever happens."""
        try:
            yield
        finally:
            self.leave()

    def _send_away(self) -> None:
        """End the waiting of those who came before it was known that there would be too many."""
        while self._is_crowded() and self._waiting[0][1] < self._clock() - self._patience():
            place, _ = self._waiting.popleft()
            if not place.done():
                place.set_exception(self.refuse())

    def _patience(self) -> float:
        """Return how many seconds one who comes now waits at most."""
        return CROWD_S if self._is_crowded() else BURST_S

    def _is_crowded(self) -> bool:
        now = self._clock()
        stands = now - self._waited_since > STANDS_AFTER_S or now - self._refused_at < REMEMBERED_S
        return stands and len(self._waiting) > FEW
