"""Two small indexes of different people behind one server with keys, and a plain client for it."""

from __future__ import annotations

import http.client
import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from api.access.keys import Key, create_key, digest_of, new_secret, now
from api.http.plan import Plan
from rag.config import Settings
from tests.conftest import built_index
from tests.serving import serving_plan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from rag.contract import Json

SHARED = "产业园区建设计划总投资"
# Words of the one that never stand in the other.
ARTICLES = {
    "harbour": {
        f"pier-{number}": f"# 望潮区{number}号码头扩建\n\n2025年11月{number}日\n\n望潮区{number}号码头{SHARED}{number}.2亿元，泊位{number + 6}个。\n"
        for number in range(1, 9)
    },
    "islands": {
        f"light-{number}": f"# 芦汀岛{number}号灯塔重修\n\n2025年11月{number}日\n\n芦汀岛{number}号灯塔{SHARED}{number}.7亿元，高{number + 40}米。\n"
        for number in range(1, 9)
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Json]:
        found: dict[str, Json] = json.loads(self.body)
        return found

    @property
    def text(self) -> str:
        """The body with every escape of JSON undone, and again for what is packed within."""
        return self.body.decode("utf-8", "replace").encode("utf-8").decode(
            "unicode_escape", "replace"
        ) + self.body.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Sends exactly the headers that it is given."""

    port: int
    secrets: Mapping[str, str]

    def send(
        self, method: str, path: str, *, headers: list[tuple[str, str]] | None = None, body: bytes | None = None
    ) -> Got:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers or []:
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Type", "application/json")
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Got(status=response.status, headers=found, body=response.read())
        finally:
            connection.close()

    def get(self, path: str, *, key: str) -> Got:
        return self.send("GET", path, headers=[("Authorization", f"Bearer {self.secrets[key]}")])

    def post(self, path: str, value: Json, *, key: str) -> Got:
        headers = [("Authorization", f"Bearer {self.secrets[key]}")]
        return self.send("POST", path, headers=headers, body=json.dumps(value).encode())


def add_key(
    file: Path,
    name: str,
    *,
    indexes: tuple[str, ...],
    per_minute: int | None = None,
    per_day: int | None = None,
    at_once: int | None = None,
) -> str:
    """Make a key and return its secret."""
    secret = new_secret()
    key = Key(
        name=name,
        digest=digest_of(secret),
        created=now(),
        indexes=indexes,
        per_minute=per_minute,
        per_day=per_day,
        at_once=at_once,
    )
    create_key(file, key)
    return secret


@contextmanager
def guarded(plan: Plan, secrets: Mapping[str, str]) -> Iterator[Client]:
    """Serve a plan; yields a client that knows the secrets by the keys' names."""
    with serving_plan(plan) as port:
        yield Client(port=port, secrets=secrets)


@pytest.fixture(scope="session")
def two_indexes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Settings]:
    """Settings of the two indexes by name. Read them."""
    folder = tmp_path_factory.mktemp("two")
    found = {}
    for name, articles in ARTICLES.items():
        (folder / name).mkdir()
        for stem, text in articles.items():
            (folder / name / f"{stem}.md").write_text(text, "utf-8")
        found[name] = Settings(index=built_index(folder / f"{name}-index", folder / name))
    return found


@pytest.fixture(scope="session")
def two(two_indexes: dict[str, Settings], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A server over both: `anna` opens the first, `bela` the second, `cora` both."""
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    opened = {"anna": ("harbour",), "bela": ("islands",), "cora": ("islands", "harbour")}
    secrets = {name: add_key(file, name, indexes=indexes) for name, indexes in opened.items()}
    with guarded(Plan(indexes=two_indexes, keys=file, grace_s=3), secrets) as client:
        yield client
