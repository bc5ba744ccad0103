"""`huwen index status --json` tells what two prints of one story do not share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.assembly import index_status, sync_index
from rag.config import Settings
from rag.contract import status_json

if TYPE_CHECKING:
    from pathlib import Path

STORY = [
    "江州老船厂停工十一年之后，第一艘木船昨天下水，岸上站满了人。",
    "船长林晓舟说，这条船用了三百根杉木，全部来自上游的林场。",
    "船厂计划每年造两艘，供内河的摆渡线使用，票价仍为两元。",
    "市交通局表示，摆渡线将从六月起延长到北岸的新村码头。",
]


def test_status_tells_spellings_and_sentences_that_only_one_print_has(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    quote = "老工人说，盼这一天盼了十年。"
    (folder / "a.txt").write_text("木船下水\n\n" + "\n\n".join([*STORY, quote]), "utf-8")
    (folder / "b.txt").write_text("木船下水\n\n" + "\n\n".join(STORY).replace("林晓舟", "林晓周"), "utf-8")
    settings = Settings(index=tmp_path / "index")
    sync_index(settings, [folder], progress=lambda _: None)
    status = index_status(settings)
    (group,), (found,) = status.groups, status.differences or ()
    assert (found.first, found.second) == group
    assert any("舟" in one and "周" in other for one, other in found.spellings)
    assert (found.only_first, found.only_second) == ((quote,), ())
    form = status_json(status)["differences"]
    assert isinstance(form, list)
    assert form[0]["only_first"] == [quote]
