"""Every error has one form, whoever makes it."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.http.conftest import Server

ASK = "/api/ask"
CHAT = "/v1/chat/completions"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing/here", 404),
        ("GET", "/api/articles/no-such-article", 404),
        ("GET", "/api/articles/", 404),
        ("DELETE", ASK, 405),
        ("GET", CHAT, 405),
        ("POST", "/", 405),
    ],
)
def test_routes_that_are_not_there(server: Server, method: str, path: str, status: int) -> None:
    reply = server.send(method, path)
    assert reply.status == status
    assert reply.error["message"]


@pytest.mark.parametrize("path", [ASK, CHAT, "/api/search"])
@pytest.mark.parametrize(
    "body",
    [b"{", b"", b"\xff\xfe", b'"text"', b"null", b"[" * 50_000, b'{"question": NaN, "messages": NaN}'],
    ids=["half", "none", "no UTF-8", "text", "null", "deep", "NaN"],
)
def test_bodies_that_are_not_the_json_we_need(server: Server, path: str, body: bytes) -> None:
    reply = server.send("POST", path, body)
    assert reply.status in (400, 422)
    assert reply.error["type"] == "invalid_request_error"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_none_are_refused_and_never_a_500(server: Server, number: str) -> None:
    chat = f'{{"messages": [{{"role": "user", "content": "GDP"}}], "temperature": {number}}}'
    assert server.send("POST", CHAT, chat.encode()).error["param"] == "temperature"
    search = f'{{"question": "GDP", "top_k": {number}}}'
    assert server.send("POST", "/api/search", search.encode()).error["param"] == "top_k"


def test_half_a_surrogate_pair_is_refused(server: Server) -> None:
    reply = server.send("POST", ASK, b'{"question": "GDP \\ud800"}')
    assert reply.status == 422
    assert reply.error["param"] == "question"


def test_fields_of_the_wrong_type_are_a_422_that_names_them(server: Server) -> None:
    reply = server.post(ASK, {"question": "GDP", "since": "gestern"})
    assert reply.status == 422
    assert reply.error["param"] == "since"
    assert reply.error["code"] == "invalid_value"


def test_questions_without_words_are_a_400(server: Server) -> None:
    assert server.post(ASK, {"question": " "}).status == 400
    assert server.post("/api/search", {"question": "？"}).status == 400
    assert server.post(ASK, {"question": "GDP", "since": "2025-02-01", "until": "2025-01-01"}).status == 400


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_other_types_than_json_are_a_415(server: Server, kind: str) -> None:
    reply = server.send("POST", ASK, b'{"question": "GDP"}', {"Content-Type": kind} if kind else {})
    assert reply.status == 415
    assert "application/json" in str(reply.error["message"])


def test_a_body_that_announces_too_much_is_refused_before_it_is_sent(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.putrequest("POST", ASK)
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(30 * 1024 * 1024))
    connection.endheaders()
    response = connection.getresponse()
    assert response.status == 413
    assert json.loads(response.read())["error"]["code"] == "body_too_large"
    connection.close()


def test_a_body_that_grows_too_large_is_refused(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request(
        "POST", ASK, iter([b"x" * 65_536] * 17), {"Content-Type": "application/json"}, encode_chunked=True
    )
    response = connection.getresponse()
    assert response.status == 413
    connection.close()


def test_a_body_just_below_the_limit_is_read(server: Server) -> None:
    padding = "x" * (1024 * 1024 - 100)
    assert server.post(ASK, {"question": "上海GDP", "ignored": padding}).status == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "words"),
    [
        ("POST", ASK, b'{"question": "?"}', "问题里没有文字"),
        ("POST", ASK, b"{}", "缺少这一项"),
        ("GET", "/nothing", b"", "这里没有 `/nothing`"),
        ("GET", "/api/articles/none", b"", "没有文章 `none`"),
        ("POST", CHAT, b"{", "不是 JSON"),
    ],
)
def test_readers_of_chinese_get_their_errors_in_chinese(
    server: Server, method: str, path: str, body: bytes, words: str
) -> None:
    headers = {"Content-Type": "application/json", "Accept-Language": "zh-CN,zh;q=0.9"}
    assert words in str(server.send(method, path, body, headers).error["message"])
    english = server.send(method, path, body, headers | {"Accept-Language": "en-GB"})
    assert words not in str(english.error["message"])
