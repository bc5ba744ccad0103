"""Carries answers from worker threads to the event loop, a bounded number at a time; stops one when its reader leaves."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from api.http.places import Places
from rag.errors import HuwenError
from rag.presets import EXTRACTIVE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from api.http.assistants import Assistants
    from api.http.bodies import Asked
    from api.http.metrics import Metrics
    from rag.answer.assistant import Assistant
    from rag.answer.stream import AnswerStream
    from rag.types import Answer

# One interpreter computes one answer at a time: a second one beside it would make both slow and none sooner. Processors are
# shared by `--workers`.
COMPUTED_AT_ONCE, AWAITED_AT_ONCE = 1, 16
T = TypeVar("T")


class Desk:
    """Takes questions to the assistant without holding up the event loop."""

    def __init__(self, assistants: Assistants, *, metrics: Metrics) -> None:
        self.assistants = assistants
        self.metrics = metrics
        # Quotes are found by this machine's processors, a model's words are waited for.
        self.places = Places(COMPUTED_AT_ONCE if assistants.settings.llm == EXTRACTIVE else AWAITED_AT_ONCE)
        self._threads = ThreadPoolExecutor(self.places.at_once, thread_name_prefix="huwen-request")

    async def call(self, function: Callable[[Assistant], T]) -> T:
        """Return what a function makes of the assistant; it runs in a worker thread once it has a place."""
        await self.places.take()
        with self.places.held():
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._borrowed, function)

    async def look(self, function: Callable[[Assistant], T]) -> T:
        """Return what a function makes of the assistant, in no time and without a place: what it holds, how it is."""
        return await asyncio.to_thread(self._borrowed, function)

    async def reply(self, asked: Asked) -> Reply:
        """Start an answer. Raises what the question itself is refused with, such as `UsageError`."""
        reply = Reply(asked, metrics=self.metrics)
        await self.places.take()
        place = contextlib.ExitStack()
        place.enter_context(self.places.held())
        work = asyncio.get_running_loop().run_in_executor(self._threads, reply.work, self.assistants)
        work.add_done_callback(lambda _: place.close())
        await reply.start()
        return reply

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _borrowed(self, function: Callable[[Assistant], T]) -> T:
        with self.assistants.borrow() as assistant:
            return function(assistant)


class Reply:
    """One answer on its way. Iterate for its pieces; then `answer` holds the whole. Close it in any case."""

    def __init__(self, asked: Asked, *, metrics: Metrics) -> None:
        self._asked = asked
        self._metrics = metrics
        self._loop = asyncio.get_running_loop()
        self._items: asyncio.Queue[str | Answer | BaseException | None] = asyncio.Queue()
        self._lock = threading.Lock()
        self._stream: AnswerStream | None = None
        self._is_closed = False
        self._is_over = False
        self._answer: Answer | None = None

    @property
    def answer(self) -> Answer:
        """The whole answer, known once the pieces are exhausted."""
        assert self._answer is not None
        return self._answer

    async def start(self) -> None:
        """Wait until the answer is being written."""
        first = await self._items.get()
        if isinstance(first, BaseException):
            raise first

    async def __aiter__(self) -> AsyncIterator[str]:
        while isinstance(item := await self._items.get(), str):
            yield item
        self._is_over = True
        if isinstance(item, BaseException):
            raise item
        if item is None:
            raise HuwenError("the answer was stopped before it was whole")
        self._answer = item
        self._metrics.count_answer(item)

    def close(self) -> None:
        """Stop the writer and the call that it makes for this answer; safe to call twice."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            stream = self._stream
        if not self._is_over:
            self._metrics.count_left()
        if stream is not None:
            stream.close()

    def work(self, assistants: Assistants) -> None:
        """Write the answer; runs in a worker thread."""
        try:
            with assistants.borrow() as assistant:
                self._write(assistant)
        except BaseException as error:  # noqa: BLE001 - it is raised again in the event loop
            self._push(error)

    def _write(self, assistant: Assistant) -> None:
        stream = self._asked.stream(assistant)
        try:
            if not self._is_mine(stream):
                self._push(None)
                return
            self._push(None)
            for piece in stream:
                self._push(piece)
            self._push(None if self._is_closed else stream.answer)
        finally:
            stream.close()

    def _is_mine(self, stream: AnswerStream) -> bool:
        """Take the stream, unless the reader has left already."""
        with self._lock:
            self._stream = stream
            return not self._is_closed

    def _push(self, item: str | Answer | BaseException | None) -> None:
        # After the loop has ended nobody reads.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._items.put_nowait, item)
