"""What else can be asked of a sync: a dry run, pruning, watching, rebuilding, progress, groups of stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.index.open import open_index
from rag.index.remove import remove_articles
from rag.index.write import open_writer
from rag.ingest.read import read_pages
from rag.ingest.split import split_page
from rag.ingest.sync import SyncProgress, sync_paths
from rag.ingest.watch import watch
from rag.types import Article, Filters, SyncReport
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
    whole_chunk,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


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
