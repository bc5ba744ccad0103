"""A sync among bad files, other writers and sudden ends: what is reported, and that nothing is lost."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag.errors import IndexBusyError, IndexMismatchError, InputError
from rag.index.open import open_index
from rag.index.remove import remove_articles
from rag.index.repair import repair_index
from rag.index.verify import verify_index
from rag.index.write import open_writer
from rag.ingest.read import read_pages
from rag.ingest.restore import restore_pages
from rag.ingest.split import split_page
from rag.ingest.sync import sync_paths
from tests.sync.syncing import (
    CHIP,
    PORT,
    STEEL,
    Dying,
    SeededEmbedder,
    counts,
    many,
    record,
    sync,
    texts,
    unreadable,
    whole_chunk,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rag.types import Page, SyncReport


def test_a_bad_file_is_listed_with_its_reason_and_the_rest_goes_on(folder: Path, index: Path) -> None:
    (folder / "bad.txt").write_bytes("中文".encode("gbk"))
    report = sync(index, folder)
    assert [(Path(row.path).name, "UTF-8" in row.reason) for row in report.skipped] == [("bad.txt", True)]
    assert report.added == 2
    with open_index(index) as opened:
        assert opened.status().skipped == report.skipped


def test_a_bad_file_is_named_again_by_every_sync_until_it_is_good(folder: Path, index: Path) -> None:
    (folder / "bad.txt").write_bytes("中文".encode("gbk"))
    sync(index, folder)
    assert len(sync(index).skipped) == 1
    (folder / "bad.txt").write_text(CHIP, "utf-8")
    assert not sync(index).skipped
    with open_index(index) as opened:
        assert not opened.status().skipped


def test_what_the_index_had_from_a_file_that_became_unreadable_stays(folder: Path, index: Path) -> None:
    sync(index, folder)
    with unreadable(folder / "steel.txt"):
        assert len(sync(index).skipped) == 1
        assert texts(index)["steel"] == STEEL
    assert counts(sync(index)) == (0, 0, 0, 2)


def test_a_root_whose_files_all_became_unreadable_removes_nothing(folder: Path, index: Path) -> None:
    sync(index, folder)
    (folder / "port.txt").unlink()
    with unreadable(folder / "steel.txt"):
        with pytest.raises(InputError):
            sync(index)
        assert set(texts(index)) == {"steel", "port"}


def test_a_reader_that_stumbles_is_a_bad_file_and_no_more(folder: Path, index: Path) -> None:
    (folder / "deep.json").write_text("[" * 100_000, "utf-8")
    report = sync(index, folder)
    assert len(report.skipped) == 1
    assert report.added == 2


def test_half_characters_are_replaced_and_stored(folder: Path, index: Path) -> None:
    (folder / "export.json").write_text(
        json.dumps([record("a1", f"正文\ud800 {CHIP}", title="题\udfff")]), encoding="utf-8"
    )
    sync(index, folder)
    assert "\ufffd" in texts(index)["a1"]


def test_a_loop_of_links_ends(folder: Path, index: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "chip.txt").write_text(CHIP, "utf-8")
    (folder / "loop").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")
    report = sync(index, folder)
    assert set(texts(index)) == {"steel", "port", "chip"}
    assert [Path(row.path).name for row in report.skipped] == ["self"]


def test_a_pipe_is_listed_and_not_waited_for(folder: Path, index: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    report = sync(index, folder)
    assert [row.reason for row in report.skipped] == ["not a regular file"]


def test_a_file_name_that_is_no_utf8_is_indexed(folder: Path, index: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.txt")).write_text(CHIP, "utf-8")
    assert sync(index, folder).added == 3
    assert counts(sync(index)) == (0, 0, 0, 3)


def test_a_second_writer_fails_at_once_and_names_the_holder(folder: Path, index: Path) -> None:
    with (
        open_writer(index, embedder_identity="seeded/1", dimension=16),
        pytest.raises(IndexBusyError, match=f"process {os.getpid()}"),
    ):
        sync(index, folder)


def test_another_embedder_is_refused_with_the_command_that_rebuilds(folder: Path, index: Path) -> None:
    sync(index, folder)
    with pytest.raises(IndexMismatchError, match="--rebuild"):
        sync(index, embedder=SeededEmbedder("seeded/2"))


def test_a_sync_that_died_goes_on_where_it_was(folder: Path, index: Path) -> None:
    for number in range(1200):
        (folder / f"p{number}.txt").write_text(f"第{number}篇。{CHIP}", "utf-8")

    dying = Dying("seeded/1", after=600)
    sync(index, folder / "steel.txt")
    with pytest.raises(KeyboardInterrupt):
        sync(index, folder, embedder=dying)
    assert set(texts(index)) == {"steel"}
    embedder = SeededEmbedder()
    with open_writer(index, embedder_identity=embedder.identity, dimension=embedder.dimension) as writer:
        assert "taken up" in writer.notes[0]
    report = sync(index, folder, embedder=embedder)
    assert len(dying.texts) + len(embedder.texts) == 1201
    assert len(texts(index)) == 1202
    assert report.skipped == ()


def test_files_that_change_or_vanish_while_they_are_read_are_caught_up_with(folder: Path, index: Path) -> None:
    def restless(path: Path) -> Iterator[Page]:
        yield from read_pages(path)
        if path.name == "port.txt":
            path.write_text(CHIP, "utf-8")

    def vanishing(path: Path) -> Iterator[Page]:
        path.unlink()
        yield from read_pages(path)

    def run(read: Callable[[Path], Iterator[Page]]) -> SyncReport:
        embedder = SeededEmbedder()
        with open_writer(index, embedder_identity=embedder.identity, dimension=16) as writer:
            return sync_paths(
                [folder],
                index=writer,
                embedder=embedder,
                read=read,
                split=split_page,
                chunk=whole_chunk,
                pipeline="1",
                progress=lambda _: None,
            )

    run(restless)
    assert texts(index) == {"steel": STEEL, "port": PORT}
    assert counts(run(read_pages)) == (0, 1, 0, 1)
    (folder / "new.txt").write_text(PORT, "utf-8")
    assert [Path(row.path).name for row in run(vanishing).skipped] == ["new.txt"]
    assert texts(index) == {"steel": STEEL, "port": CHIP}
    assert counts(run(read_pages)) == (0, 0, 0, 2)


def test_pages_that_a_repair_could_only_save_raw_are_made_again(folder: Path, index: Path) -> None:
    (folder / "long.txt").write_text(f"{CHIP}\n{STEEL}", "utf-8")
    sync(index, folder)
    before = texts(index)
    store = sqlite3.connect(index / "store.sqlite")
    with store:
        store.execute("UPDATE articles SET text = replace(text, '四千亿元', '五千亿元')")
    store.close()
    repair = repair_index(index)
    assert len(repair.raws) == 1
    assert "long" not in texts(index)
    embedder = SeededEmbedder()
    with open_writer(index, embedder_identity=embedder.identity, dimension=16) as writer:
        skipped = restore_pages(
            repair.raws, index=writer, embedder=embedder, split=split_page, chunk=whole_chunk, pipeline="1"
        )
    assert skipped == ()
    assert texts(index) == before
    assert verify_index(index) == ()
    assert counts(sync(index)) == (0, 0, 0, 3)


def test_a_removal_after_a_sync_that_died_works_and_keeps_what_was_done(folder: Path, index: Path) -> None:
    sync(index, folder)
    many(folder, 1500)
    (folder / "also.txt").write_text(CHIP, "utf-8")
    with pytest.raises(KeyboardInterrupt):
        sync(index, folder, embedder=Dying("seeded/1", after=512))
    assert remove_articles(index, ["steel"]) == ("steel",)
    assert verify_index(index) == ()
    sync(index, folder)
    assert set(texts(index)) == {"port", "also", "many"}


def test_an_unfinished_change_of_embedder_is_finished_by_the_same_command_only(folder: Path, index: Path) -> None:
    many(folder, 1500)
    sync(index, folder)

    def rebuild(embedder: SeededEmbedder) -> SyncReport:
        with open_writer(index, embedder_identity=embedder.identity, dimension=16, rebuild=True) as writer:
            return sync_paths(
                [],
                index=writer,
                embedder=embedder,
                read=read_pages,
                split=split_page,
                chunk=whole_chunk,
                pipeline="1",
                progress=lambda _: None,
            )

    with pytest.raises(KeyboardInterrupt):
        rebuild(Dying("seeded/2", after=512))
    with open_index(index) as opened:
        assert opened.embedder == "seeded/1"
    with pytest.raises(IndexMismatchError, match="--rebuild"):
        remove_articles(index, ["steel"])
    assert rebuild(SeededEmbedder("seeded/2")).embedded < 1500
    assert verify_index(index) == ()
