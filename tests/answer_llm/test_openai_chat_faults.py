"""The openai back-end against scripted servers: every way in which a server can fail, and the deadline."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from rag.answer.llm.failures import PromptTooLongError
from rag.errors import BackendError, BackendTimeoutError
from rag.types import Turn
from tests.answer_llm.chatting import MESSAGES, TICK, chat, hello, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.answer_llm.conftest import Serve, Upstream


def clean_end(upstream: Upstream) -> None:
    upstream.head()
    upstream.text("半句")


def reset(upstream: Upstream) -> None:
    upstream.head(Content_Length="100000")
    upstream.text("半句")


def invalid_json(upstream: Upstream) -> None:
    upstream.head()
    upstream.text("半句")
    upstream.send('data: {"choices": [\n\n')


def in_band_error(upstream: Upstream) -> None:
    upstream.head()
    upstream.text("半句")
    upstream.event({"error": {"message": "out of memory"}})
    upstream.send("data: [DONE]\n\n")


def cut_by_length(upstream: Upstream) -> None:
    upstream.head()
    upstream.text("半句")
    upstream.stop("length")


def long_line(upstream: Upstream) -> None:
    upstream.head()
    upstream.text("半句")
    upstream.send("data: " + "x" * 10_000_000)


def not_utf8(upstream: Upstream) -> None:
    upstream.head()
    upstream.text("半句")
    upstream.wfile.write(b"data: \xff\xfe\n\n")


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (clean_end, "broke off in mid-answer"),
        (reset, "connection to `openai:m`"),
        (invalid_json, "no chat completion"),
        (in_band_error, "out of memory"),
        (cut_by_length, "`length`"),
        (long_line, "more than 1,048,576 bytes"),
        (not_utf8, "not UTF-8"),
    ],
)
def test_a_broken_stream_is_an_error_after_its_pieces_and_is_not_asked_again(
    serve: Serve, script: Callable[[Upstream], None], message: str
) -> None:
    server = serve(script)
    pieces: list[str] = []
    with pytest.raises(BackendError, match=message):
        pieces.extend(chat(server).stream(MESSAGES))
    assert "".join(pieces) == "半句"
    assert len(server.seen.requests) == 1


def html(upstream: Upstream) -> None:
    upstream.head(kind="text/html")
    upstream.send("<html>hello</html>")


def plain_json(upstream: Upstream) -> None:
    upstream.head(kind="application/json")
    upstream.send('{"choices": [{"message": {"content": "好"}}]}')


@pytest.mark.parametrize("script", [html, plain_json])
def test_a_wrong_content_type_is_an_error_with_the_next_step(serve: Serve, script: Callable[[Upstream], None]) -> None:
    with pytest.raises(BackendError, match="where a stream was expected; check `llm_base_url`"):
        said(chat(serve(script)))


def test_a_server_error_is_tried_again_and_the_answer_comes_whole(serve: Serve) -> None:
    server = serve(lambda upstream: upstream.fail(500, "busy"), hello)
    assert said(chat(server)) == "你好"
    assert len(server.seen.requests) == 2


def test_a_lasting_server_error_is_reported_after_three_attempts(serve: Serve) -> None:
    server = serve(lambda upstream: upstream.fail(503, "overloaded", Retry_After="0"))
    with pytest.raises(BackendError, match="answered 503: overloaded"):
        said(chat(server))
    assert len(server.seen.requests) == 3


def test_an_html_error_page_is_reported_in_one_short_line(serve: Serve) -> None:
    def script(upstream: Upstream) -> None:
        upstream.head(502, kind="text/html", Retry_After="0")
        upstream.send("<html>\n" + "bad gateway " * 500 + "</html>")

    with pytest.raises(BackendError, match="answered 502") as caught:
        said(chat(serve(script)))
    assert len(str(caught.value)) < 400
    assert "\n" not in str(caught.value)


def test_a_long_retry_after_is_not_waited_for(serve: Serve) -> None:
    server = serve(lambda upstream: upstream.fail(429, "slow down", Retry_After="100"))
    started = time.monotonic()
    with pytest.raises(BackendError, match="answered 429: slow down"):
        said(chat(server))
    assert time.monotonic() - started < 2
    assert len(server.seen.requests) == 1


def test_no_retry_outlives_the_deadline(serve: Serve) -> None:
    server = serve(lambda upstream: upstream.fail(429, "slow down", Retry_After="3"))
    started = time.monotonic()
    with pytest.raises(BackendError, match="429"):
        said(chat(server, deadline_s=1.0))
    assert time.monotonic() - started < 2


def silent(upstream: Upstream) -> None:
    upstream.server.seen.hung_up.wait(3)


def stalled(upstream: Upstream) -> None:
    upstream.head()
    upstream.text("半句")
    upstream.server.seen.hung_up.wait(3)


def dripping(upstream: Upstream) -> None:
    upstream.head()
    for _ in range(60):
        upstream.text("滴")
        time.sleep(TICK)


def dripping_line(upstream: Upstream) -> None:
    upstream.head()
    upstream.send("data: ")
    for _ in range(60):
        upstream.send("x")
        time.sleep(TICK)


def dripping_head(upstream: Upstream) -> None:
    upstream.send("HTTP/1.0 200 OK\r\nX-Slow: ")
    for _ in range(60):
        upstream.send("x")
        time.sleep(TICK)


@pytest.mark.parametrize("script", [silent, stalled, dripping, dripping_line, dripping_head])
def test_no_server_can_hold_the_reader_past_the_deadline(serve: Serve, script: Callable[[Upstream], None]) -> None:
    started = time.monotonic()
    with pytest.raises(BackendTimeoutError, match="`llm_deadline_s`"):
        said(chat(serve(script), deadline_s=0.5))
    assert time.monotonic() - started < 1.5


@pytest.mark.parametrize("script", [silent, dripping])
def test_closing_hangs_up_on_the_server_within_a_moment(serve: Serve, script: Callable[[Upstream], None]) -> None:
    def watched(upstream: Upstream) -> None:
        upstream.connection.settimeout(TICK)
        if script is dripping:
            script(upstream)
            return
        try:
            upstream.connection.settimeout(4)
            assert upstream.connection.recv(1) == b""
        finally:
            upstream.server.seen.hung_up.set()

    server = serve(watched)
    completion = chat(server, deadline_s=30).stream(MESSAGES)
    while not server.seen.requests:
        time.sleep(0.01)
    completion.close()
    completion.close()
    assert server.seen.hung_up.wait(1.0)
    assert "".join(completion).strip("滴") == ""


def test_while_the_server_is_silent_empty_pieces_come(serve: Serve) -> None:
    completion = chat(serve(silent)).stream(MESSAGES)
    assert next(iter(completion)) == ""
    completion.close()


@pytest.mark.parametrize(
    "said_by_server",
    [
        "This model's maximum context length is 4096 tokens, however you requested 9000 tokens",
        "request (3002 tokens) exceeds the available context size (2048 tokens), try increasing it",
        "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 30720]",
        "The number of tokens to keep from the initial prompt is greater than the context length.",
        "Please reduce the length of the messages or completion.",
    ],
)
def test_a_prompt_that_is_too_long_is_an_error_of_its_own(serve: Serve, said_by_server: str) -> None:
    server = serve(lambda upstream: upstream.fail(400, said_by_server))
    with pytest.raises(PromptTooLongError, match="lower `prompt_tokens`"):
        said(chat(server))


@pytest.mark.parametrize("parameter", ["temperature", "stream_options"])
def test_a_parameter_that_a_server_does_not_know_is_left_out(serve: Serve, parameter: str) -> None:
    server = serve(lambda upstream: upstream.fail(400, f"Unsupported parameter: '{parameter}'"), hello)
    assert said(chat(server)) == "你好"
    assert parameter in server.seen.requests[0]
    assert parameter not in server.seen.requests[1]


def test_credit_that_is_used_up_is_not_tried_again(serve: Serve) -> None:
    server = serve(lambda upstream: upstream.fail(429, "insufficient_quota: check your plan and billing details"))
    with pytest.raises(BackendError, match="insufficient_quota"):
        said(chat(server))
    assert len(server.seen.requests) == 1


def test_text_that_is_no_unicode_is_an_error_of_ours(serve: Serve) -> None:
    with pytest.raises(BackendError, match="the call of `openai:m` failed"):
        "".join(chat(serve(hello)).stream([Turn(role="user", content="\udcff")]))
