"""A real server on a free port of this machine, and a plain client for it."""

from __future__ import annotations

import http.client
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest

from rag.config import Settings
from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from rag.contract import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Json]:
        return cast("dict[str, Json]", json.loads(self.body))

    @property
    def error(self) -> dict[str, Json]:
        assert list(self.json) == ["error"]
        error = cast("dict[str, Json]", self.json["error"])
        assert list(error) == ["message", "type", "param", "code"]
        return error

    @property
    def events(self) -> list[str]:
        """The data of the events, comments left out."""
        blocks = self.body.decode().split("\n\n")
        return [block.removeprefix("data: ") for block in blocks if block.startswith("data: ")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    port: int
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, dict(self.headers if headers is None else headers))
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Reply(status=response.status, headers=found, body=response.read())
        finally:
            connection.close()

    def get(self, path: str) -> Reply:
        return self.send("GET", path)

    def post(self, path: str, value: Json) -> Reply:
        return self.send("POST", path, json.dumps(value).encode())


@contextmanager
def running(settings: Settings, *, drafts: Path | None = None, uploads: Path | None = None) -> Iterator[Server]:
    """Serve in a thread until the block ends."""
    with serving(settings, drafts=drafts, uploads=uploads) as port:
        yield Server(port=port)


@pytest.fixture(scope="session")
def server(sample_index: Path) -> Iterator[Server]:
    """A server over the samples."""
    with running(Settings(index=sample_index)) as started:
        yield started
