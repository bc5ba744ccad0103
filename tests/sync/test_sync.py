"""What a sync adds, updates, removes and keeps, over real files and a real index."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from rag.errors import InputError, NotFoundError, UsageError
from rag.index.open import open_index
from rag.types import Filters
from tests.sync.syncing import (
    CHIP,
    PORT,
    STEEL,
    SeededEmbedder,
    counts,
    export,
    record,
    sync,
    texts,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_a_first_sync_adds_every_page_and_publishes_revision_1(folder: Path, index: Path) -> None:
    report = sync(index, folder)
    assert counts(report) == (2, 0, 0, 0)
    assert report.revision == 1
    assert texts(index) == {"steel": STEEL, "port": PORT}


def test_a_second_sync_changes_nothing_embeds_nothing_and_publishes_nothing(folder: Path, index: Path) -> None:
    sync(index, folder)
    manifest = (index / "manifest.json").read_bytes()
    embedder = SeededEmbedder()
    report = sync(index, embedder=embedder)
    assert counts(report) == (0, 0, 0, 2)
    assert report.revision == 1
    assert not embedder.texts
    assert (index / "manifest.json").read_bytes() == manifest


def test_a_changed_file_is_updated_and_only_what_changed_is_embedded(folder: Path, index: Path) -> None:
    sync(index, folder)
    (folder / "steel.txt").write_text(f"{STEEL}\n{CHIP}", "utf-8")
    embedder = SeededEmbedder()
    report = sync(index, embedder=embedder)
    assert counts(report) == (0, 1, 0, 1)
    assert report.embedded == 1
    assert [text.rpartition("\n")[2] for text in embedder.texts] == [CHIP]


def test_a_file_of_the_same_size_and_time_stamp_with_other_bytes_is_seen(folder: Path, index: Path) -> None:
    path = folder / "steel.txt"
    sync(index, folder)
    before = path.stat()
    path.write_text(STEEL.replace("投产", "停产"), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert counts(sync(index)) == (0, 1, 0, 1)


def test_a_touched_file_is_unchanged(folder: Path, index: Path) -> None:
    sync(index, folder)
    os.utime(folder / "steel.txt")
    assert counts(sync(index)) == (0, 0, 0, 2)


def test_a_deleted_file_stops_answering(folder: Path, index: Path) -> None:
    sync(index, folder)
    (folder / "steel.txt").unlink()
    assert counts(sync(index)) == (0, 0, 1, 1)
    with open_index(index) as opened:
        with pytest.raises(NotFoundError, match="steel"):
            opened.article("steel")
        assert not opened.search_lexical(["钢铁"], k=5, filters=Filters())


def test_a_moved_file_is_not_embedded_again(folder: Path, index: Path) -> None:
    sync(index, folder)
    (folder / "steel.txt").rename(folder / "steel-2.txt")
    embedder = SeededEmbedder()
    report = sync(index, embedder=embedder)
    assert (report.added, report.removed) == (1, 1)
    # The heading of a page without a title is its name, which is part of what is embedded.
    assert len(embedder.texts) <= 1


def test_another_root_stays_as_it_is(folder: Path, index: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "chip.txt").write_text(CHIP, "utf-8")
    sync(index, folder, other)
    (folder / "steel.txt").unlink()
    (other / "chip.txt").unlink()
    (other / "port2.txt").write_text(PORT, "utf-8")
    sync(index, folder)
    assert set(texts(index)) == {"port", "chip"}


def test_a_vanished_root_is_an_error_and_removes_nothing(folder: Path, index: Path) -> None:
    sync(index, folder)
    folder.rename(folder.with_name("away"))
    with pytest.raises(InputError, match="--prune"):
        sync(index)
    assert set(texts(index)) == {"steel", "port"}


def test_an_emptied_root_is_an_error_and_removes_nothing(folder: Path, index: Path) -> None:
    sync(index, folder)
    for path in folder.iterdir():
        path.unlink()
    with pytest.raises(InputError, match="no file that Huwen can read"):
        sync(index)
    assert set(texts(index)) == {"steel", "port"}


def test_one_vanished_root_of_two_is_listed_and_the_other_is_mirrored(
    folder: Path, index: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "chip.txt").write_text(CHIP, "utf-8")
    sync(index, folder, other)
    folder.rename(tmp_path / "away")
    (other / "new.txt").write_text(STEEL, "utf-8")
    report = sync(index)
    assert [row.path for row in report.skipped] == [str(folder)]
    assert set(texts(index)) == {"steel", "port", "chip", "new"}


def test_nothing_known_and_nothing_named_is_a_usage_error(index: Path) -> None:
    with pytest.raises(UsageError, match="no roots yet"):
        sync(index)


def test_a_record_in_two_exports_is_one_page_with_the_newest_content(folder: Path, index: Path) -> None:
    old = export(folder / "b-old.json", record("a1", STEEL))
    new = export(folder / "a-new.json", record("a1", CHIP))
    os.utime(old, ns=(1, 1_000_000_000))
    report = sync(index, folder)
    assert report.added == 3
    assert texts(index)["a1"] == CHIP
    new.unlink()
    assert counts(sync(index)) == (0, 1, 0, 2)
    assert texts(index)["a1"] == STEEL
    old.unlink()
    assert counts(sync(index)) == (0, 0, 1, 2)


def test_an_old_export_that_arrives_late_does_not_win(folder: Path, index: Path) -> None:
    export(folder / "new.json", record("a1", CHIP))
    sync(index, folder)
    os.utime(export(folder / "old.json", record("a1", STEEL)), ns=(1, 1_000_000_000))
    assert counts(sync(index)) == (0, 0, 0, 3)
    assert texts(index)["a1"] == CHIP


def test_two_files_with_one_stem_get_the_shortest_distinguishing_path(folder: Path, index: Path) -> None:
    for name, text in (("x", STEEL), ("y", CHIP)):
        (folder / name).mkdir()
        (folder / name / "notes.txt").write_text(text, "utf-8")
    sync(index, folder)
    assert set(texts(index)) == {"steel", "port", "x/notes", "y/notes"}


def test_a_second_file_with_a_stem_renames_the_first_and_embeds_no_text_twice(folder: Path, index: Path) -> None:
    (folder / "x").mkdir()
    (folder / "x" / "notes.txt").write_text(f"# 同一标题\n{STEEL}", "utf-8")
    sync(index, folder)
    assert "notes" in texts(index)
    (folder / "notes.txt").write_text(f"# 另一标题\n{CHIP}", "utf-8")
    sync(index, folder)
    assert {name.partition("#")[0] for name in texts(index)} == {"steel", "port", "x/notes", "docs/notes"}


def test_a_picture_or_an_export_beside_a_page_does_not_take_its_name(folder: Path, index: Path) -> None:
    (folder / "steel.png").write_bytes(b"\x89PNG\r\n\0\0")
    export(folder / "port.json", record("a1", CHIP))
    sync(index, folder)
    assert set(texts(index)) == {"steel", "port", "a1"}


def test_a_changed_pipeline_reads_every_page_again_and_embeds_nothing_that_stayed(folder: Path, index: Path) -> None:
    for path in folder.iterdir():
        os.utime(path, ns=(1, 1_000_000_000))
    sync(index, folder)
    embedder = SeededEmbedder()
    report = sync(index, embedder=embedder, pipeline="2")
    assert report.updated == 2
    assert not embedder.texts


def test_inserting_an_article_does_not_renumber_the_others(folder: Path, index: Path) -> None:
    page = folder / "page.txt"
    sign_off = "■据新华社南京5月6日电"
    first = f"## 钢铁转型 提速\n\n{STEEL}\n\n{sign_off}\n\n## 港口吞吐 创新高\n\n{PORT}\n\n{sign_off}\n"
    page.write_text(first, "utf-8")
    sync(index, folder)
    before = {key: text for key, text in texts(index).items() if key.startswith("page#")}
    assert len(before) == 2
    page.write_text(f"## 芯片产业 再突破\n\n{CHIP}\n\n{sign_off}\n\n{first}", "utf-8")
    sync(index)
    after = {key: text for key, text in texts(index).items() if key.startswith("page#")}
    assert len(after) == 3
    assert before.items() <= after.items()


def test_the_index_folder_inside_a_root_is_not_read(folder: Path) -> None:
    index = folder / "my-index"
    sync(index, folder)
    assert counts(sync(index)) == (0, 0, 0, 2)


def test_a_root_below_a_known_one_is_not_remembered_twice(folder: Path, index: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "chip.txt").write_text(CHIP, "utf-8")
    sync(index, folder / "sub")
    sync(index, folder)
    sync(index, folder / "sub")
    with open_index(index) as opened:
        assert opened.status().roots == (str(folder),)
