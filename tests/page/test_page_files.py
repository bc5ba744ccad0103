"""Files that a reader drops on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.assembly import sync_index
from rag.config import Settings
from tests.page.conftest import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.page.conftest import Open, Tab

TOWER = "# 芦汀岛灯塔\n\n2025年11月2日\n\n芦汀岛的灯塔高41米，由当地渔民捐建，今年十月点亮。\n"
# A drop as a browser makes it, but for the hand that lets go.
DROP = """([name, text]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([text], name));
  for (const kind of ["dragover", "drop"]) {
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
  }
}"""
TOLD = "document.querySelectorAll('#added li.{}').length === 1"


@pytest.fixture
def taking(opened: Open, tmp_path: Path) -> Iterator[Tab]:
    """A page of a server that takes files, over one article."""
    article = tmp_path / "pier.md"
    article.write_text(TOWER.replace("灯塔", "码头"), "utf-8")
    settings = Settings(index=tmp_path / "index")
    sync_index(settings, [article], progress=lambda _: None)
    with served(settings, uploads=tmp_path / "uploads") as url:
        tab = opened(url=url)
        yield tab
        assert tab.faults == []
        tab.page.close()


def test_a_dropped_file_is_answered_from(taking: Tab) -> None:
    taking.page.evaluate(DROP, ["灯塔.md", TOWER])
    taking.until("document.querySelector('#corpus').textContent.startsWith('2 ')")
    assert "灯塔.md" in taking.page.inner_text("#added")
    taking.page.keyboard.press("Escape")
    taking.ask("芦汀岛的灯塔有多高？")
    assert "41米" in taking.last(".text")


def test_a_chosen_file_that_cannot_be_read_says_why(taking: Tab, tmp_path: Path) -> None:
    (tmp_path / "program.exe").write_bytes(b"MZ")
    taking.page.click("#corpus")
    taking.page.set_input_files("#files", tmp_path / "program.exe")
    taking.until(TOLD.format("failure"))
    assert "`program.exe`" in taking.page.inner_text("#added")
    assert ".pdf" in taking.page.inner_text("#added")


def test_a_file_that_is_too_large_is_not_sent(taking: Tab) -> None:
    taking.page.evaluate(DROP.replace("[text]", "[text.repeat(21 << 20)]"), ["large.md", "x"])
    taking.until(TOLD.format("failure"))
    assert "20 MB" in taking.page.inner_text("#added")
