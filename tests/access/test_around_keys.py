"""Ways around the keys, one row each: all are tried over a real connection, and none works."""

from __future__ import annotations

import base64
import json
import socket
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.access.conftest import Client

ASK = "/api/ask"
BODY = json.dumps({"question": "码头总投资多少？"}).encode()
# `{key}` is a good key of anna's, `{wrong}` one that was never made, `{digest}` what the file holds of hers.
HEADERS: dict[str, list[tuple[str, str]]] = {
    "nothing at all": [],
    "an empty value": [("Authorization", "")],
    "the scheme alone": [("Authorization", "Bearer")],
    "the scheme and a space": [("Authorization", "Bearer ")],
    "a key that was never made": [("Authorization", "Bearer {wrong}")],
    "the key without a scheme": [("Authorization", "{key}")],
    "another scheme": [("Authorization", "Token {key}")],
    "the scheme joined by a colon": [("Authorization", "Bearer:{key}")],
    "the scheme joined by a tab": [("Authorization", "Bearer\t{key}")],
    "the scheme joined by an underscore": [("Authorization", "Bearer_{key}")],
    "digest": [("Authorization", 'Digest username="anna", response="{key}"')],
    "a prefix of the key": [("Authorization", "Bearer {prefix}")],
    "the key and more": [("Authorization", "Bearer {key}x")],
    "the key twice in one value": [("Authorization", "Bearer {key} {key}")],
    "two keys with a comma": [("Authorization", "Bearer {key}, Bearer {key}")],
    "the key in quotes": [("Authorization", 'Bearer "{key}"')],
    "the key in capitals": [("Authorization", "Bearer {upper}")],
    "the key in small letters": [("Authorization", "Bearer {lower}")],
    "the key percent-encoded": [("Authorization", "Bearer {percent}")],
    "the key in base64": [("Authorization", "Bearer {base64}")],
    "the digest in the file": [("Authorization", "Bearer {digest}")],
    "the name of the key": [("Authorization", "Bearer anna")],
    "a star": [("Authorization", "Bearer *")],
    "null": [("Authorization", "Bearer null")],
    "a very long key": [("Authorization", "Bearer " + "x" * 30_000)],
    "letters beyond ASCII": [("Authorization", "Bearer \u00e9\u00e9\u00e9")],
    "a good header after a bad one": [("Authorization", "Bearer {wrong}"), ("Authorization", "Bearer {key}")],
    "a good header twice": [("Authorization", "Bearer {key}"), ("Authorization", "Bearer {key}")],
    "basic with the key as the name": [("Authorization", "Basic {as_name}")],
    "basic with a wrong password": [("Authorization", "Basic {bad_password}")],
    "basic without base64": [("Authorization", "Basic anna:{key}")],
    "basic with broken base64": [("Authorization", "Basic {as_name}!!")],
    "a header of another name": [("X-Api-Key", "{key}")],
    "a proxy's header": [("Proxy-Authorization", "Bearer {key}")],
    "a header with an underscore": [("Authorization_", "Bearer {key}")],
    "a cookie": [("Cookie", "Authorization=Bearer {key}; key={key}")],
    "a forwarded address": [("X-Forwarded-For", "127.0.0.1"), ("Forwarded", "for=127.0.0.1")],
    "another path by a proxy's header": [("X-Original-URL", "/healthz"), ("X-Rewrite-URL", "/healthz")],
    "another method by a header": [("X-HTTP-Method-Override", "OPTIONS")],
    "another host": [("X-Forwarded-Host", "localhost"), ("X-Forwarded-Prefix", "/healthz")],
}
PATHS = [
    "/api/ask?key={key}&api_key={key}&access_token={key}&Authorization=Bearer+{key}",
    "/healthz/../api/ask",
    "/healthz/%2e%2e/api/ask",
    "/healthz%2f..%2fapi%2fask",
    "//api/ask",
    "/healthz/",
    "/healthz;/api/ask",
    "/Healthz",
    "/healthz%00/api/ask",
    "/i/harbour/healthz",
    "/i/harbour/readyz",
    "/i/harbour",
    "/i//api/ask",
    "/i/harbour%2fapi%2fask",
    "/API/ASK",
    "/metrics",
    "/openapi.json",
    "/docs",
    "/",
    "/mcp",
    "/v1/models",
    "/app.js",
    "/api/files/a.txt",
]


def filled(value: str, client: Client) -> str:
    key = client.secrets["anna"]
    from api.access.keys import digest_of

    return value.format(
        key=key,
        wrong="hw-" + "A" * 43,
        prefix=key[:-1],
        upper=key.upper(),
        lower=key.lower(),
        percent="".join(f"%{ord(char):02x}" for char in key),
        base64=base64.b64encode(key.encode()).decode(),
        digest=digest_of(key),
        as_name=base64.b64encode(f"{key}:".encode()).decode(),
        bad_password=base64.b64encode(b"anna:secret").decode(),
    )


def test_there_are_more_than_forty_ways() -> None:
    assert len(HEADERS) >= 40


@pytest.mark.parametrize("way", HEADERS)
def test_no_header_but_the_right_one_opens_anything(two: Client, way: str) -> None:
    headers = [(name, filled(value, two)) for name, value in HEADERS[way]]
    got = two.send("POST", ASK, headers=headers, body=BODY)
    assert got.status == 401
    assert got.json["error"]
    assert "Bearer" in got.headers["www-authenticate"]
    assert "码头" not in got.text


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS", "HEAD", "DELETE"])
def test_no_path_and_no_method_gets_past_a_missing_key(two: Client, path: str, method: str) -> None:
    got = two.send(method, filled(path, two), body=BODY if method in ("POST", "PUT") else None)
    assert got.status == 401


@pytest.mark.parametrize(
    "request_line",
    [
        "GET http://127.0.0.1/api/status HTTP/1.1",
        "GET http://127.0.0.1/healthz/../api/status HTTP/1.1",
        "GET /api/status HTTP/1.0",
        "CONNECT /api/status HTTP/1.1",
        "TRACE /api/status HTTP/1.1",
    ],
)
def test_unusual_request_lines_get_nothing(two: Client, request_line: str) -> None:
    with socket.create_connection(("127.0.0.1", two.port), timeout=10) as connection:
        connection.sendall(f"{request_line}\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert answer.split(b" ", 2)[1] in (b"400", b"401")


def test_a_request_to_open_a_socket_gets_nothing(two: Client) -> None:
    headers = [
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Key", "x"),
        ("Sec-WebSocket-Version", "13"),
    ]
    assert two.send("GET", ASK, headers=headers).status == 401


def test_the_right_ways_do_open(two: Client) -> None:
    key = two.secrets["anna"]
    basic = base64.b64encode(f"anybody:{key}".encode()).decode()
    for value in (f"Bearer {key}", f"bearer {key}", f"Basic {basic}"):
        assert two.send("POST", ASK, headers=[("Authorization", value)], body=BODY).status == 200


def test_health_is_open_and_tells_nothing_of_the_indexes(two: Client) -> None:
    for path in ("/healthz", "/readyz"):
        got = two.send("GET", path)
        assert got.status == 200
        assert list(got.json) == ["status"]
