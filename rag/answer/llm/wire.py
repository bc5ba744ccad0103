"""The hold on one upstream call: lets any thread cut its socket, before or after the server has answered."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import Protocol


class _NetworkStream(Protocol):
    def get_extra_info(self, info: str) -> object: ...


class Wire:
    """Cut it to end the call. It learns of the socket through httpx's `trace` extension."""

    def __init__(self, *, deadline_s: float) -> None:
        self._ends = time.monotonic() + deadline_s
        self._cut = threading.Event()
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None

    @property
    def remaining_s(self) -> float:
        """Seconds until the deadline, never below 0."""
        return max(0.0, self._ends - time.monotonic())

    @property
    def is_cut(self) -> bool:
        """Tell whether the call was ended from this side."""
        return self._cut.is_set()

    def trace(self, event: str, info: dict[str, object]) -> None:
        """Take note of the socket once it is connected; `info` is what httpcore knows of the event."""
        if event not in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            return
        found = _socket_of(info.get("return_value"))
        with self._lock:
            self._socket = found
        if self.is_cut:
            self.cut()

    def cut(self) -> None:
        """End the call: a thread that reads from the socket wakes up with an error. Safe to call twice."""
        self._cut.set()
        with self._lock:
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    def wait(self, seconds: float) -> None:
        """Sleep, or until it is cut."""
        self._cut.wait(seconds)


def _socket_of(stream: object) -> socket.socket | None:
    if not hasattr(stream, "get_extra_info"):
        return None
    network: _NetworkStream = stream
    found = network.get_extra_info("socket")
    return found if isinstance(found, socket.socket) else None
