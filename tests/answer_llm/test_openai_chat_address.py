"""The openai back-end: the key and the address that it uses, and what it shows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.answer.llm.openai import OpenAIChat
from rag.errors import BackendError, ConfigError, HuwenError
from tests.answer_llm.chatting import KEY, chat, hello, said

if TYPE_CHECKING:
    from tests.answer_llm.conftest import Serve


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
