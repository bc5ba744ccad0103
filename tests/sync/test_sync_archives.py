"""Archives with the same name, and members with the same names, are different pages and keep their ids."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from tests.sync.syncing import CHIP, PORT, STEEL, counts, sync, texts

if TYPE_CHECKING:
    from pathlib import Path


def archive(path: Path, **members: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as packed:
        for name, text in members.items():
            packed.writestr(f"{name}.md", text)
    return path


def test_two_archives_of_one_name_keep_all_their_pages(folder: Path, index: Path) -> None:
    archive(folder / "a" / "news.zip", city=STEEL, sea=PORT)
    archive(folder / "b" / "news.zip", city=CHIP)
    report = sync(index, folder / "a", folder / "b")
    assert counts(report)[0] == 3
    assert texts(index) == {"a/news!city": STEEL, "a/news!sea": PORT, "b/news!city": CHIP}


def test_a_second_archive_of_the_name_renames_the_first(folder: Path, index: Path) -> None:
    archive(folder / "a" / "news.zip", city=STEEL)
    sync(index, folder)
    assert texts(index)["news!city"] == STEEL
    archive(folder / "b" / "news.zip", city=CHIP)
    sync(index, folder)
    found = texts(index)
    assert "news!city" not in found
    assert (found["a/news!city"], found["b/news!city"]) == (STEEL, CHIP)


def test_an_archive_beside_a_page_of_its_name_takes_nothing_from_it(folder: Path, index: Path) -> None:
    archive(folder / "port.zip", port=CHIP)
    sync(index, folder)
    found = texts(index)
    assert sorted(found.values()) == sorted([STEEL, PORT, CHIP])
    assert counts(sync(index)) == (0, 0, 0, 3)


def test_a_member_that_goes_is_removed_and_the_others_stay(folder: Path, index: Path) -> None:
    archive(folder / "news.zip", city=STEEL, sea=PORT)
    sync(index, folder)
    archive(folder / "news.zip", sea=PORT)
    assert counts(sync(index)) == (0, 0, 1, 3)
