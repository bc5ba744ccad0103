"""When one upstream call is tried again, how long it waits, and what it leaves out the next time."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from rag.answer.llm.failures import failure_of

if TYPE_CHECKING:
    from rag.answer.llm.failures import Backend, Failure
    from rag.answer.llm.wire import Wire

ATTEMPTS = 3
FIRST_WAIT_S = 0.5
# A server that asks for more than this is not waited for: an answer without it is worth more.
LONGEST_RETRY_AFTER_S = 10.0


class Attempts:
    """The attempts of one completion, all within the deadline of its wire."""

    def __init__(self, backend: Backend, wire: Wire) -> None:
        self._backend = backend
        self._wire = wire
        self._made = 0
        # What a server may not know; it is left out once the server complains about it by name.
        self.optional: dict[str, object] = {"temperature": 0, "stream_options": {"include_usage": True}}
        # Once text has been passed on, another attempt would repeat it.
        self.has_text = False

    def wait_or_raise(self, error: Exception) -> None:
        """Return when another attempt should be made; raise what the failed one means where none should."""
        failure = failure_of(error, self._backend)
        if self.has_text or self._wire.is_cut:
            raise failure.error from None
        if self._drop_refused(str(failure.error)):
            return
        self._made += 1
        wait = _wait_s(self._made, failure)
        if (
            not failure.transient
            or self._made == ATTEMPTS
            or wait >= min(self._wire.remaining_s, LONGEST_RETRY_AFTER_S)
        ):
            raise failure.error from None
        self._wire.wait(wait)

    def _drop_refused(self, complaint: str) -> bool:
        refused = [key for key in self.optional if key in complaint]
        for key in refused:
            del self.optional[key]
        return bool(refused)


def _wait_s(attempt: int, failure: Failure) -> float:
    """Return what the server asks for, else a wait that doubles; up to a fifth longer at random."""
    asked = FIRST_WAIT_S * 2.0 ** (attempt - 1) if failure.retry_after_s is None else failure.retry_after_s
    return asked * (1.0 + secrets.randbelow(200) / 1000)
