"""Mirrors files and folders into an index: adds, updates and removes by (id, content hash), and reports what it did."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import InputError, UsageError
from rag.ingest.mirror import Mirror, Stage
from rag.ingest.pages import PageWriter
from rag.ingest.roots import absolute, is_below, merge_roots, path_name, scan_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rag.ingest.roots import Scan
    from rag.ingest.store import SyncStore
    from rag.protocols import Embedder
    from rag.types import Article, Chunk, Page, SyncReport


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncProgress:
    """How far a sync is. `total` is the number of files, known once they were listed; `seconds` since the start.

    The last step, `done`, has `notes`: what a person should know, such as a damaged part that was built anew.
    """

    stage: Stage
    files: int
    total: int
    chunks: int
    seconds: float
    notes: tuple[str, ...] = ()

    @property
    def rate(self) -> float:
        """Files a second so far."""
        return self.files / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds that the remaining files take at this rate; `None` before the first is done."""
        return (self.total - self.files) / self.rate if self.rate > 0 else None


def sync_paths(
    paths: Sequence[Path],
    *,
    index: SyncStore,
    embedder: Embedder,
    read: Callable[[Path], Iterator[Page]],
    split: Callable[[Page, Mapping[str, int]], tuple[Article, ...]],
    chunk: Callable[[Article], tuple[Chunk, ...]],
    pipeline: str,
    progress: Callable[[SyncProgress], None],
    dry_run: bool = False,
    prune: bool = False,
    group: Callable[[Sequence[Article]], Sequence[Sequence[str]]] | None = None,
) -> SyncReport:
    """Make the index hold what these roots hold, and leave other roots alone; no path means all known roots.

    Files that cannot be read are listed in the report and keep what the index had from them. Raises `InputError`
    where no root could be read, before anything is removed; with `prune`, roots that are gone or empty are forgotten
    with all that came from them. With `dry_run` the report says what would be done (its `embedded` is 0) and nothing
    is. `pipeline` names the versions of `split` and `chunk`. `group` finds the articles that tell one story among all that
    the index holds; it is asked when
    pages changed, or when an earlier sync died before it asked.
    """
    started = time.monotonic()

    def tell(stage: Stage, files: int, total: int, chunks: int) -> None:
        seconds = time.monotonic() - started
        notes = tuple(index.notes) if stage == "done" else ()
        progress(SyncProgress(stage=stage, files=files, total=total, chunks=chunks, seconds=seconds, notes=notes))

    ledger = index.ledger
    roots = [path_name(absolute(path)) for path in paths] or ledger.roots()
    if not roots:
        raise UsageError("the index knows no roots yet; name files or folders: `huwen index sync PATH...`")
    tell("scan", 0, 0, 0)
    scans, failures = _scan_all(roots, leave_out=absolute(index.folder))
    mirror = Mirror(
        writer=PageWriter(store=index, embedder=embedder, split=split, chunk=chunk, pipeline=pipeline, is_dry=dry_run),
        read=read,
        files=[file for scan in scans.values() for file in scan.files],
        tell=tell,
    )
    pruned = [root for root in roots if prune and _is_gone(root, scans)]
    for root in pruned:
        mirror.forget(root)
    for root, scan in scans.items():
        if root not in pruned and not mirror.take(root, scan):
            failures[root] = (
                f"`{root}` holds no file that Huwen can read; name a folder with text, web pages, PDF, Word, tables or exports"
            )
    failures = {root: reason for root, reason in failures.items() if root not in pruned}
    if len(failures) == len(roots):
        raise InputError(" / ".join(failures.values()))
    mirror.settle()
    mirror.skipped |= failures
    kept = {path: why for path, why in ledger.skipped().items() if not any(is_below(path, root) for root in roots)}
    ledger.set_skipped(dict(sorted((kept | mirror.skipped).items())))
    left = [root for root in ledger.roots() if root not in pruned]
    ledger.set_roots(merge_roots(left, [root for root in roots if root not in failures and root not in pruned]))
    report = mirror.report(revision=index.revision)
    if dry_run:
        index.roll_back()
        return report
    if group is not None and (report.added + report.updated + report.removed or index.notes):
        index.set_groups(group(index.articles()))
    tell("publish", mirror.done, mirror.total, mirror.embedded)
    report = replace(report, revision=index.commit())
    tell("done", mirror.done, mirror.total, mirror.embedded)
    return report


def _is_gone(root: str, scans: Mapping[str, Scan]) -> bool:
    """Tell whether a root is not there or holds no file at all; one that cannot be listed is neither."""
    if root in scans:
        return not scans[root].files and not scans[root].blind
    return not os.path.lexists(root)


def _scan_all(roots: Sequence[str], *, leave_out: Path) -> tuple[dict[str, Scan], dict[str, str]]:
    """Return the scans of the roots that are there, and why the others could not be scanned."""
    scans: dict[str, Scan] = {}
    failures: dict[str, str] = {}
    for root in roots:
        try:
            scans[root] = scan_root(Path(root), leave_out=leave_out)
        except InputError as error:
            failures[root] = str(error)
    return scans, failures
