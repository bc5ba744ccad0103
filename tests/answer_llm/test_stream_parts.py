"""The pure parts below the back-end: server-sent events and the filter of thoughts."""

from __future__ import annotations

import pytest

from rag.answer.llm.sse import MAX_EVENT_BYTES, event_data
from rag.answer.llm.thinking import ThoughtFilter
from rag.errors import BackendError

EVENTS = 'data: {"a":"甲"}\r\n\r\n: note\n\ndata:b\ndata: c\n\nevent: x\rdata: d\r\rid: 1\n\ndata: last'.encode()


@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
def test_events_are_the_same_however_the_bytes_are_cut(size: int) -> None:
    pieces = [EVENTS[start : start + size] for start in range(0, len(EVENTS), size)]
    assert list(event_data(pieces)) == ['{"a":"甲"}', "b\nc", "d", "last"]


def test_an_event_without_end_is_cut_off_by_size() -> None:
    with pytest.raises(BackendError, match="more than"):
        list(event_data(b"data: " + b"x" * 65536 for _ in range(MAX_EVENT_BYTES // 65536 + 2)))
    with pytest.raises(BackendError, match="more than"):
        list(event_data([b"data: " + b"x" * 65536 + b"\n"] * (MAX_EVENT_BYTES // 65536 + 2)))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<think>甲</think>乙", "乙"),
        ("乙<THINKING>甲<b></thinking>丙", "乙丙"),
        ("<think>甲", ""),
        ("甲</think>乙", "甲乙"),
        ("3 < 5 且 <b>", "3 < 5 且 <b>"),
        ("甲<thin", "甲<thin"),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_thoughts_are_taken_out_however_the_text_is_cut(text: str, kept: str, size: int) -> None:
    thoughts = ThoughtFilter()
    pieces = [thoughts.feed(text[start : start + size]) for start in range(0, len(text), size)]
    assert "".join([*pieces, thoughts.end()]) == kept
