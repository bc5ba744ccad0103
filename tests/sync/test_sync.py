"""The sync: what it adds, updates, removes, keeps and says, over real files and a real index."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag.errors import IndexBusyError, IndexMismatchError, InputError, NotFoundError, UsageError
from rag.index.open import open_index
from rag.index.remove import remove_articles
from rag.index.repair import repair_index
from rag.index.verify import verify_index
from rag.index.write import open_writer
from rag.ingest.read import read_pages
from rag.ingest.restore import restore_pages
from rag.ingest.split import split_page
from rag.ingest.sync import SyncProgress, sync_paths
from rag.ingest.watch import watch
from rag.types import Article, Chunk, Filters, Page, SyncReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from rag.types import Kind

STEEL = "宝武钢铁推进绿色低碳转型，新建氢基竖炉项目投产。"
PORT = "洋山港自动化码头吞吐量再创新高，全年集装箱超过四千万标箱。"
CHIP = "集成电路产业规模突破四千亿元，张江新建三条生产线。"


class SeededEmbedder:
    """Vectors from a hash of the text: as good as random, and the same everywhere."""

    def __init__(self, identity: str = "seeded/1") -> None:
        self.identity = identity
        self.dimension = 16
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str], *, kind: Kind) -> NDArray[np.float32]:
        import hashlib

        import numpy as np

        self.texts += texts
        raw = [hashlib.blake2b(f"{self.identity}{text}".encode(), digest_size=32).digest() for text in texts]
        rows = np.frombuffer(b"".join(raw), "<u2").reshape(len(texts), 16).astype(np.float32) - 32768.0
        unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


def whole_chunk(article: Article) -> tuple[Chunk, ...]:
    return tuple(
        Chunk(
            chunk_id=f"{article.article_id}@{start}",
            article_id=article.article_id,
            start=start,
            end=start + len(line),
            header=article.title,
            text=line,
        )
        for start, line in _lines(article.text)
    )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def sync(index: Path, *roots: Path, embedder: SeededEmbedder | None = None, pipeline: str = "1") -> SyncReport:
    used = SeededEmbedder() if embedder is None else embedder
    with open_writer(index, embedder_identity=used.identity, dimension=used.dimension) as writer:
        return sync_paths(
            roots,
            index=writer,
            embedder=used,
            read=read_pages,
            split=split_page,
            chunk=whole_chunk,
            pipeline=pipeline,
            progress=lambda _: None,
        )


def record(aid: str, body: str, *, title: str = "标题", day: str = "2025-01-02 10:00:00") -> dict[str, str]:
    return {
        "文章标识符aid": aid,
        "标题title": title,
        "链接url": "https://example.com/1",
        "时间time": day,
        "公众号名称": "测试号",
        "finalContent": body,
    }


def export(path: Path, *records: dict[str, str]) -> Path:
    path.write_text(json.dumps(list(records), ensure_ascii=False), "utf-8")
    return path


def texts(index: Path) -> dict[str, str]:
    with open_index(index) as opened:
        return {article.article_id: article.text for article in opened.page_articles("")}


def counts(report: SyncReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.removed, report.unchanged


@contextmanager
def unreadable(path: Path) -> Iterator[None]:
    """Replace a file by bytes that no reader takes, then put it back."""
    good = path.read_bytes()
    path.write_bytes("中文".encode("gbk"))
    yield
    path.write_bytes(good)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "docs"
    root.mkdir()
    (root / "steel.txt").write_text(STEEL, "utf-8")
    (root / "port.txt").write_text(PORT, "utf-8")
    return root


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


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


def test_a_root_below_a_known_one_is_not_remembered_twice(folder: Path, index: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "chip.txt").write_text(CHIP, "utf-8")
    sync(index, folder / "sub")
    sync(index, folder)
    sync(index, folder / "sub")
    with open_index(index) as opened:
        assert opened.status().roots == (str(folder),)


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


def test_a_rebuild_embeds_everything_into_a_new_revision(folder: Path, index: Path) -> None:
    sync(index, folder)
    embedder = SeededEmbedder("seeded/2")
    with (
        open_index(index) as old,
        open_writer(index, embedder_identity="seeded/2", dimension=16, rebuild=True) as writer,
    ):
        report = sync_paths(
            [],
            index=writer,
            embedder=embedder,
            read=read_pages,
            split=split_page,
            chunk=whole_chunk,
            pipeline="1",
            progress=lambda _: None,
        )
        assert (report.embedded, report.revision) == (2, 2)
        assert old.embedder == "seeded/1"
        assert len(old.search_dense(SeededEmbedder().embed([STEEL], kind="query")[0], k=9, filters=Filters())) == 2
    with open_index(index) as new:
        assert new.embedder == "seeded/2"
        assert len(new.search_dense(embedder.embed([STEEL], kind="query")[0], k=9, filters=Filters())) == 2


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


def test_progress_counts_files_and_ends_with_publishing(folder: Path, index: Path) -> None:
    steps: list[SyncProgress] = []
    embedder = SeededEmbedder()
    with open_writer(index, embedder_identity=embedder.identity, dimension=16) as writer:
        sync_paths(
            [folder],
            index=writer,
            embedder=embedder,
            read=read_pages,
            split=split_page,
            chunk=whole_chunk,
            pipeline="1",
            progress=steps.append,
        )
    assert [step.stage for step in steps] == ["scan", "read", "read", "embed", "publish", "done"]
    assert (steps[-1].files, steps[-1].total, steps[-1].chunks) == (2, 2, 2)
    assert steps[-1].rate > 0
    assert steps[-1].seconds_left == 0


def changed(index: Path, *roots: Path, dry_run: bool = False, prune: bool = False) -> SyncReport:
    embedder = SeededEmbedder()
    with open_writer(index, embedder_identity=embedder.identity, dimension=embedder.dimension) as writer:
        return sync_paths(
            roots,
            index=writer,
            embedder=embedder,
            read=read_pages,
            split=split_page,
            chunk=whole_chunk,
            pipeline="1",
            progress=lambda _: None,
            dry_run=dry_run,
            prune=prune,
        )


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


def test_a_dry_run_reports_what_a_sync_would_do_and_does_nothing(folder: Path, index: Path) -> None:
    sync(index, folder)
    (folder / "steel.txt").write_text(CHIP, "utf-8")
    (folder / "port.txt").unlink()
    (folder / "new.txt").write_text(PORT, "utf-8")
    manifest = (index / "manifest.json").read_bytes()
    dry = changed(index, dry_run=True)
    assert (index / "manifest.json").read_bytes() == manifest
    assert texts(index) == {"steel": STEEL, "port": PORT}
    assert counts(dry) == counts(sync(index)) == (1, 1, 1, 0)


def test_prune_forgets_a_vanished_root_and_what_came_from_it(folder: Path, index: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "chip.txt").write_text(CHIP, "utf-8")
    sync(index, folder, other)
    folder.rename(tmp_path / "away")
    report = changed(index, prune=True)
    assert counts(report) == (0, 0, 2, 1)
    assert set(texts(index)) == {"chip"}
    with open_index(index) as opened:
        assert opened.status().roots == (str(other),)


def test_a_record_removed_by_hand_stays_away_until_its_content_changes(folder: Path, index: Path) -> None:
    path = export(folder / "e.json", record("a1", CHIP), record("a2", PORT))
    sync(index, folder)
    remove_articles(index, ["a1"])
    export(path, record("a1", CHIP), record("a2", f"{PORT}又及。"))
    assert counts(sync(index))[:3] == (0, 1, 0)
    assert set(texts(index)) == {"steel", "port", "a2"}
    export(path, record("a1", f"{CHIP}更正。"), record("a2", PORT))
    sync(index)
    assert "a1" in texts(index)


def test_watch_yields_only_what_changed_and_waits_out_trouble(folder: Path, index: Path) -> None:
    away = folder.with_name("away")
    happenings: list[Callable[[], object]] = [
        lambda: None,
        lambda: (folder / "new.txt").write_text(CHIP, "utf-8"),
        lambda: folder.rename(away),
        lambda: away.rename(folder),
    ]
    steps = iter(happenings)
    told: list[str] = []

    def wait() -> bool:
        step = next(steps, None)
        if step is not None:
            step()
        return step is not None

    reports = list(watch(lambda: sync(index, folder), wait=wait, tell=told.append))
    assert [counts(report) for report in reports] == [(2, 0, 0, 0), (1, 0, 0, 2)]
    assert len(told) == 1


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


class Dying(SeededEmbedder):
    """Embeds so many texts, then dies as a killed process would."""

    def __init__(self, identity: str, *, after: int) -> None:
        super().__init__(identity)
        self.after = after

    def embed(self, texts: Sequence[str], *, kind: Kind) -> NDArray[np.float32]:
        if len(self.texts) >= self.after:
            raise KeyboardInterrupt
        return super().embed(texts, kind=kind)


def many(folder: Path, count: int) -> None:
    (folder / "many.md").write_text("\n\n".join(f"第{number}段，{CHIP}" for number in range(count)), "utf-8")


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


def test_groups_are_asked_for_when_pages_changed_and_only_then(folder: Path, index: Path) -> None:
    asked: list[list[str]] = []

    def group(articles: Sequence[Article]) -> list[list[str]]:
        asked.append([article.article_id for article in articles])
        return [asked[-1]]

    def run() -> None:
        embedder = SeededEmbedder()
        with open_writer(index, embedder_identity=embedder.identity, dimension=16) as writer:
            sync_paths(
                [folder],
                index=writer,
                embedder=embedder,
                read=read_pages,
                split=split_page,
                chunk=whole_chunk,
                pipeline="1",
                progress=lambda _: None,
                group=group,
            )

    run()
    run()
    (folder / "chip.txt").write_text(CHIP, "utf-8")
    run()
    assert asked == [["port", "steel"], ["port", "steel", "chip"]]
    with open_index(index) as opened:
        assert opened.status().groups == (("chip", "port", "steel"),)
