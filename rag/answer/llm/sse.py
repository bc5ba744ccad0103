"""Server-sent events: bytes in, the payload of each `data` field out. What a payload means is not known here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# A line longer than this is no piece of an answer, and would fill the memory.
MAX_EVENT_BYTES = 1024 * 1024


def event_data(pieces: Iterable[bytes]) -> Iterator[str]:
    """Yield the data of each event as it becomes whole; lines end with LF, CRLF or CR.

    Data without the blank line that ends an event is still yielded: some servers close after the last line.
    Raises `BackendError` for an event that is too large or not UTF-8.
    """
    data: list[str] = []
    for line in _lines(pieces):
        if line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif not line and data:
            yield "\n".join(data)
            data = []
        if sum(map(len, data)) > MAX_EVENT_BYTES:
            raise _too_large()
    if data:
        yield "\n".join(data)


def _lines(pieces: Iterable[bytes]) -> Iterator[str]:
    pending = b""
    for piece in pieces:
        pending += piece
        # A CR at the very end may be the first half of a CRLF.
        held = b"\r" if pending.endswith(b"\r") else b""
        *whole, rest = pending.removesuffix(held).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        yield from map(_decoded, whole)
        pending = rest + held
        if len(pending) > MAX_EVENT_BYTES:
            raise _too_large()
    if pending:
        yield _decoded(pending.rstrip(b"\r"))


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BackendError(f"the language model's server sent bytes that are not UTF-8 ({line[:40]!r})") from error


def _too_large() -> BackendError:
    return BackendError(f"the language model's server sent an event of more than {MAX_EVENT_BYTES:,} bytes")
