"""A server answers from what was published last, and each request from one revision."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from api.http.assistants import Assistants
from rag.assembly import sync_index
from rag.config import Settings
from rag.errors import IndexMissingError
from tests.http.conftest import running

if TYPE_CHECKING:
    from pathlib import Path

FIRST = "# 望潮区新建码头\n\n2025年11月1日\n\n望潮区新建的码头有7个泊位，总投资3.2亿元，明年六月投入使用。\n"
SECOND = "# 芦汀岛灯塔\n\n2025年11月2日\n\n芦汀岛的灯塔高41米，由当地渔民捐建，今年十月点亮。\n"


def published(settings: Settings, folder: Path) -> None:
    sync_index(settings, [folder], progress=lambda _: None)


def test_a_sync_is_served_without_a_restart(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "pier.md").write_text(FIRST, "utf-8")
    settings = Settings(index=tmp_path / "index")
    published(settings, folder)
    with running(settings) as server:
        assert server.get("/readyz").json["revision"] == 1
        assert server.get("/api/articles/lighthouse").status == 404
        (folder / "lighthouse.md").write_text(SECOND, "utf-8")
        published(settings, folder)
        assert server.get("/readyz").json["revision"] == 2
        assert server.get("/api/articles/lighthouse").status == 200
        assert "41米" in str(server.post("/api/ask", {"question": "芦汀岛的灯塔有多高？"}).json["answer"])


def test_many_requests_during_many_syncs_all_succeed(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "pier.md").write_text(FIRST, "utf-8")
    settings = Settings(index=tmp_path / "index")
    published(settings, folder)
    with running(settings) as server, ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(server.post, "/api/ask", {"question": "码头有几个泊位？"}) for _ in range(60)]
        for number in range(4):
            (folder / f"more-{number}.md").write_text(SECOND.replace("41", str(40 + number)), "utf-8")
            published(settings, folder)
        replies = [future.result() for future in asked]
    assert {reply.status for reply in replies} == {200}
    assert all("7个泊位" in str(reply.json["answer"]) for reply in replies)


def test_a_borrowed_assistant_stays_open_while_a_newer_one_takes_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "pier.md").write_text(FIRST, "utf-8")
    settings = Settings(index=tmp_path / "index")
    published(settings, folder)
    assistants = Assistants(settings)
    with assistants.borrow() as old:
        (folder / "lighthouse.md").write_text(SECOND, "utf-8")
        published(settings, folder)
        with assistants.borrow() as new:
            assert (old.revision, new.revision) == (1, 2)
        assert old.article("pier").title
    assistants.close()


def test_what_is_open_goes_on_answering_when_the_index_is_taken_away(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "pier.md").write_text(FIRST, "utf-8")
    settings = Settings(index=tmp_path / "index")
    published(settings, folder)
    assistants = Assistants(settings)
    (tmp_path / "index" / "manifest.json").unlink()
    with assistants.borrow() as assistant:
        assert assistant.article("pier").title
    assistants.close()


def test_a_server_does_not_start_without_an_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="huwen index sync"):
        Assistants(Settings(index=tmp_path / "none"))
