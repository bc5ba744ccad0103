"""Files that readers add: taken where the operator lets them, whole or not at all."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING

import pytest

from rag.assembly import sync_index
from rag.config import Settings
from rag.index.write import open_writer
from tests.http.conftest import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.http.conftest import Reply, Server

PIER = "# 望潮区新建码头\n\n2025年11月1日\n\n望潮区新建的码头有7个泊位，总投资3.2亿元。\n"
TOWER = "# 芦汀岛灯塔\n\n2025年11月2日\n\n芦汀岛的灯塔高41米，由当地渔民捐建，今年十月点亮。\n".encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "uploads"


@pytest.fixture
def open_door(tmp_path: Path, folder: Path) -> Iterator[Server]:
    (tmp_path / "pier.md").write_text(PIER, "utf-8")
    settings = Settings(index=tmp_path / "index")
    sync_index(settings, [tmp_path / "pier.md"], progress=lambda _: None)
    with running(settings, uploads=folder) as server:
        yield server


def put(server: Server, name: str, body: bytes = TOWER) -> Reply:
    return server.send("PUT", f"/api/files/{name}", body, {"Content-Type": "application/octet-stream"})


def test_a_file_is_kept_and_answers_at_once(open_door: Server, folder: Path) -> None:
    assert open_door.get("/api/status").json["can_add"] is True
    reply = put(open_door, "tower.md")
    assert (reply.status, reply.json["added"]) == (200, 1)
    assert (folder / "tower.md").read_bytes() == TOWER
    assert "41米" in str(open_door.post("/api/ask", {"question": "芦汀岛的灯塔有多高？"}).json["answer"])
    assert "7个" in str(open_door.post("/api/ask", {"question": "码头有几个泊位？"}).json["answer"])


def test_the_same_file_twice_changes_nothing_and_another_under_its_name_is_refused(open_door: Server) -> None:
    put(open_door, "tower.md")
    assert put(open_door, "tower.md").json["added"] == 0
    reply = put(open_door, "tower.md", TOWER + b"more")
    assert reply.status == 409
    assert "`tower.md`" in str(reply.error["message"])


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        pytest.param("tower.exe", TOWER, 422, id="unknown type"),
        pytest.param("tower.md", b"", 422, id="empty"),
        pytest.param("tower.md", b" \n", 422, id="blank"),
        pytest.param("tower.pdf", b"%PDF-1.7 nonsense", 422, id="broken"),
        pytest.param(".hidden.md", TOWER, 400, id="hidden"),
        pytest.param("..", TOWER, 400, id="above"),
        pytest.param("..%2Fabove.md", TOWER, 404, id="a path"),
        pytest.param("a%5Cb.md", TOWER, 400, id="a path elsewhere"),
        pytest.param("a%0Ab.md", TOWER, 400, id="two lines"),
        pytest.param("x" * 300 + ".md", TOWER, 400, id="long"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_nothing_is_kept(
    open_door: Server, folder: Path, tmp_path: Path, name: str, body: bytes, status: int
) -> None:
    reply = put(open_door, name, body)
    assert reply.status == status
    assert "incoming" not in str(reply.error["message"])
    assert not folder.exists() or list(folder.iterdir()) == []
    assert not (tmp_path / "above.md").exists()
    assert open_door.get("/readyz").json["revision"] == 1


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(open_door: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", open_door.port, timeout=10)
    connection.putrequest("PUT", "/api/files/tower.md")
    connection.putheader("Content-Length", str(20 * 1024 * 1024 + 1))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_nothing_is_kept_while_another_writes_to_the_index(open_door: Server, folder: Path, tmp_path: Path) -> None:
    identity = str(open_door.get("/api/status").json["embedder"])
    with open_writer(tmp_path / "index", embedder_identity=identity, dimension=256):
        reply = put(open_door, "tower.md")
    assert reply.status == 503
    assert list(folder.iterdir()) == []


def test_no_file_is_taken_where_the_operator_did_not_say_so(server: Server) -> None:
    reply = put(server, "tower.md")
    assert reply.status == 403
    assert "--uploads" in str(reply.error["message"])
