"""Who changed an index, when and how: a line an act, in the index's folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rag.config import Settings
from tests.cli.conftest import huwen  # noqa: F401 - the fixture
from tests.http.conftest import running

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Huwen


def acts(index: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (index / "audit.jsonl").read_text("utf-8").splitlines()]


def test_sync_remove_import_and_repair_leave_a_line_each_and_what_changes_nothing_leaves_none(
    huwen: Huwen,  # noqa: F811
    tmp_path: Path,
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "pier.md").write_text("# 码头\n\n2025年11月1日\n\n望潮区新建的码头有7个泊位。\n", "utf-8")
    (tmp_path / "a" / "light.md").write_text("# 灯塔\n\n2025年11月2日\n\n芦汀岛的灯塔高41米。\n", "utf-8")
    index = ("--index", str(tmp_path / "index"))
    huwen("index", "sync", "a", "--dry-run", *index)
    assert huwen("index", "sync", "a", *index).code == 0
    huwen("index", "sync", "a", *index)
    huwen("index", "export", "backup", *index)
    huwen("index", "remove", "pier", *index)
    huwen("index", "remove", "nothing", *index)
    huwen("index", "import", "backup", *index)
    huwen("index", "repair", *index)
    rows = acts(tmp_path / "index")
    assert [row["act"] for row in rows] == ["index sync", "index remove", "index import", "index repair"]
    assert rows[0]["added"] == 2
    assert rows[1]["ids"] == ["pier"]
    assert all(row["user"] and row["time"] for row in rows)
    assert huwen("index", "verify", *index).code == 0


def test_a_file_that_a_reader_adds_leaves_a_line(huwen: Huwen, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "pier.md").write_text("# 码头\n\n2025年11月1日\n\n望潮区新建的码头有7个泊位。\n", "utf-8")
    huwen("index", "sync", "a", "--index", str(tmp_path / "index"))
    with running(Settings(index=tmp_path / "index"), uploads=tmp_path / "files") as server:
        text = "# 灯塔\n\n2025年11月2日\n\n芦汀岛的灯塔高41米。\n".encode()
        assert server.send("PUT", "/api/files/light.md", text).status == 200
    last = acts(tmp_path / "index")[-1]
    assert (last["act"], last["name"], last["key"]) == ("file added", "light.md", "")
