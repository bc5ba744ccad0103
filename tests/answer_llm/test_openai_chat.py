"""The openai back-end against scripted servers: what it passes on, and every way in which a server can fail."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from rag.answer.llm.failures import PromptTooLongError
from rag.answer.llm.openai import OpenAIChat
from rag.errors import BackendError, BackendTimeoutError, ConfigError, HuwenError
from rag.types import Turn, Usage

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.answer_llm.conftest import Serve, Server, Upstream

KEY = "sk-secret-0123456789"
MESSAGES = (Turn(role="system", content="规则"), Turn(role="user", content="问题"))
TICK = 0.05


def chat(server: Server, *, deadline_s: float = 5.0, key: str | None = KEY) -> OpenAIChat:
    return OpenAIChat(name="openai:m", model="m", base_url=server.url, api_key=key, deadline_s=deadline_s)


def said(llm: OpenAIChat) -> str:
    return "".join(llm.stream(MESSAGES))


def hello(upstream: Upstream) -> None:
    upstream.head()
    upstream.text("你", "好")
    upstream.stop()


def test_pieces_are_passed_on_as_they_come(serve: Serve) -> None:
    server = serve(hello)
    assert [piece for piece in chat(server).stream(MESSAGES) if piece] == ["你", "好"]


def test_the_request_holds_the_messages_the_model_and_the_key(serve: Serve) -> None:
    server = serve(hello)
    said(chat(server))
    request = server.seen.requests[0]
    assert request["model"] == "m"
    assert request["stream"] is True
    assert request["messages"] == [{"role": "system", "content": "规则"}, {"role": "user", "content": "问题"}]
    assert server.seen.headers[0]["authorization"] == f"Bearer {KEY}"


def test_the_usage_is_known_after_the_last_piece(serve: Serve) -> None:
    def script(upstream: Upstream) -> None:
        upstream.head()
        upstream.text("好")
        upstream.event({"choices": [{"delta": {}, "finish_reason": "stop"}]})
        upstream.event({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9}})
        upstream.send("data: [DONE]\n\n")

    completion = chat(serve(script)).stream(MESSAGES)
    assert "".join(completion) == "好"
    assert completion.usage == Usage(prompt_tokens=7, completion_tokens=2)


def test_a_server_without_usage_leaves_it_unknown(serve: Serve) -> None:
    completion = chat(serve(hello)).stream(MESSAGES)
    assert "".join(completion) == "你好"
    assert completion.usage is None


def test_reasoning_is_dropped_in_fields_and_in_think_blocks(serve: Serve) -> None:
    def script(upstream: Upstream) -> None:
        upstream.head()
        upstream.event({"choices": [{"delta": {"reasoning_content": "嗯"}}]})
        upstream.event({"choices": [{"delta": {"content": None, "reasoning": "嗯"}}]})
        upstream.text("<th", "ink>让我", "想想</thi", "nk>", "好")
        upstream.stop()

    assert said(chat(serve(script))) == "好"


def test_empty_and_missing_choices_are_passed_over(serve: Serve) -> None:
    def script(upstream: Upstream) -> None:
        upstream.head()
        upstream.send(": a comment\n\nevent: ping\ndata: {}\n\n")
        upstream.event({"choices": []})
        upstream.event({"choices": None})
        upstream.text("好")
        upstream.stop()

    assert said(chat(serve(script))) == "好"


@pytest.mark.parametrize("end", ["done only", "finish_reason only"])
def test_one_sign_of_the_end_is_enough(serve: Serve, end: str) -> None:
    def script(upstream: Upstream) -> None:
        upstream.head()
        upstream.text("好")
        if end == "done only":
            upstream.send("data: [DONE]\n\n")
        else:
            upstream.event({"choices": [{"delta": {}, "finish_reason": "stop"}]})

    assert said(chat(serve(script))) == "好"


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


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_names_the_setting_and_never_the_key(serve: Serve, status: int) -> None:
    server = serve(lambda upstream: upstream.fail(status, f"Incorrect API key provided: {KEY}"))
    with pytest.raises(ConfigError, match="`llm_api_key`") as caught:
        said(chat(server))
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_key_that_a_server_repeats_is_masked(serve: Serve) -> None:
    server = serve(lambda upstream: upstream.fail(400, f"strange request of {KEY}"))
    with pytest.raises(BackendError, match=r"strange request of \*\*\*"):
        said(chat(server))


def test_an_unknown_model_names_the_settings(serve: Serve) -> None:
    server = serve(lambda upstream: upstream.fail(404, "model not found"))
    with pytest.raises(ConfigError, match=r"no model `m`.*check `llm` and `llm_base_url`"):
        said(chat(server))


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


def test_a_server_that_is_not_there_is_named_with_the_next_step(free_port: int) -> None:
    llm = OpenAIChat(
        name="openai:m", model="m", base_url=f"http://127.0.0.1:{free_port}/v1", api_key=None, deadline_s=5
    )
    with pytest.raises(BackendError, match=f"127.0.0.1:{free_port}.*is the server running"):
        said(llm)


@pytest.mark.parametrize(
    "url", ["nonsense", "ftp://127.0.0.1/v1", "http://[/v1", "http://", "http://me:secret@127.0.0.1/v1"]
)
def test_an_address_that_cannot_be_used_is_refused_before_the_first_call(url: str) -> None:
    with pytest.raises(ConfigError, match="`llm_base_url` must be an address such as") as caught:
        OpenAIChat(name="openai:m", model="m", base_url=url, api_key=None, deadline_s=5)
    assert "secret" not in str(caught.value)


def test_a_redirect_is_not_followed_with_the_key(serve: Serve) -> None:
    other = serve(hello)
    server = serve(lambda upstream: upstream.head(307, Location=f"{other.url}/chat/completions"))
    with pytest.raises(HuwenError, match="307"):
        said(chat(server))
    assert other.seen.requests == []


def test_a_local_server_needs_no_key(serve: Serve) -> None:
    server = serve(hello)
    assert said(chat(server, key=None)) == "你好"
    assert "OPENAI" not in server.seen.headers[0]["authorization"]


def test_openai_itself_needs_a_key() -> None:
    with pytest.raises(ConfigError, match="`openai:m` needs a key: set `llm_api_key`"):
        OpenAIChat(name="openai:m", model="m", base_url=None, api_key=None, deadline_s=5)


def test_a_key_with_strange_characters_is_refused_without_showing_it() -> None:
    with pytest.raises(ConfigError, match="`llm_api_key` holds characters") as caught:
        OpenAIChat(name="openai:m", model="m", base_url=None, api_key="sk-密钥", deadline_s=5)
    assert "sk-" not in str(caught.value)


def test_white_space_around_a_key_is_taken_off(serve: Serve) -> None:
    server = serve(hello)
    assert said(chat(server, key=f" {KEY}\n")) == "你好"
    assert server.seen.headers[0]["authorization"] == f"Bearer {KEY}"


def test_text_that_is_no_unicode_is_an_error_of_ours(serve: Serve) -> None:
    with pytest.raises(BackendError, match="the call of `openai:m` failed"):
        "".join(chat(serve(hello)).stream([Turn(role="user", content="\udcff")]))


def test_a_proxy_of_the_environment_does_not_capture_loopback(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, server = serve(hello), serve(hello)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
        monkeypatch.setenv(name.lower(), proxy.url.removesuffix("/v1"))
    assert said(chat(server)) == "你好"
    assert proxy.seen.headers == []


def test_the_environment_of_the_openai_package_changes_neither_key_nor_address(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(hello)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    assert said(chat(server, key=None)) == "你好"
    assert "sk-other" not in server.seen.headers[0]["authorization"]


def test_the_key_is_in_no_representation(serve: Serve) -> None:
    llm = chat(serve(hello))
    assert KEY not in repr(llm)
    assert KEY not in repr(llm._backend)


def test_many_completions_leave_no_open_files(serve: Serve) -> None:
    llm = chat(serve(hello))
    said(llm)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a count is all that is wanted
    for _ in range(30):
        said(llm)
    assert len(os.listdir("/proc/self/fd")) <= before + 5  # noqa: PTH208 - as above
