"""Brings an index in line with files: which pages are new, changed or gone, decided by (id, content hash)."""

from __future__ import annotations

import time
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rag.errors import InputError
from rag.ingest.identity import page_names
from rag.ingest.pages import BATCH, storable
from rag.ingest.roots import is_below
from rag.types import Skipped, SyncReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rag.ingest.pages import PageWriter
    from rag.ingest.roots import FoundFile, Scan
    from rag.ingest.store import FileRow, Holder, SyncStore
    from rag.types import Page

Stage = Literal["scan", "read", "embed", "publish"]
# A file changed this shortly before it was read may change again within the clock's resolution.
SETTLED_NS = 2_000_000_000


class Mirror:
    """Takes roots one by one, then settles what is gone; counts what it did. Counts are pages, `done` files."""

    def __init__(
        self,
        *,
        writer: PageWriter,
        read: Callable[[Path], Iterator[Page]],
        files: Sequence[FoundFile],
        tell: Callable[[Stage, int, int, int], None],
    ) -> None:
        self._writer = writer
        self._store: SyncStore = writer.store
        self._read = read
        self._tell = tell
        self._known = dict(self._store.ledger.files())
        self._names = page_names({*self._known, *(file.name for file in files)})
        self._touched: dict[str, None] = {}
        self._counts = {"added": 0, "updated": 0, "removed": 0, "unchanged": 0}
        self.skipped: dict[str, str] = {}
        self.total = len(files)
        self.done = 0
        self.embedded = 0

    def take(self, root: str, scan: Scan) -> bool:
        """Read the files of one root that changed, and note those that are gone; tell whether any file could be read.

        Where none could, nothing that the index has from the root is touched.
        """
        self.skipped |= scan.skipped
        readable = [self._take_file(file) for file in scan.files]
        if not any(readable):
            return False
        there = {file.name for file in scan.files} | set(scan.skipped)
        for path in list(self._known):
            if is_below(path, root) and path not in there and not _is_hidden(path, scan.blind):
                self._touch(self._store.ledger.forget_file(path))
                del self._known[path]
        return True

    def settle(self) -> None:
        """Give every page that lost or changed a holder the content of its newest one, and embed what waits."""
        for page_id in self._touched:
            self._settle_page(page_id)
        while self._store.waiting:
            self._embed()

    def report(self, *, revision: int) -> SyncReport:
        """Return what was done."""
        skipped = tuple(Skipped(path=path, reason=reason) for path, reason in sorted(self.skipped.items()))
        return SyncReport(revision=revision, embedded=self.embedded, skipped=skipped, **self._counts)

    def _take_file(self, file: FoundFile) -> bool:
        """Bring one file's pages in; return whether it is readable."""
        self.done += 1
        self._tell("read", self.done, self.total, self.embedded)
        row = self._known.get(file.name)
        if row is not None and _is_same(row, file) and self._keeps_names(file.name):
            self._counts["unchanged"] += len(self._store.ledger.holders_in(file.name))
            return True
        started = time.time_ns()
        try:
            digest = self._digest(file.path)
            if row is None or row.file_hash != digest or not self._keeps_names(file.name):
                self._take_pages(file)
            else:
                self._counts["unchanged"] += len(self._store.ledger.holders_in(file.name))
        except InputError as error:
            self.skipped[file.name] = str(error)
            return bool(self._store.ledger.holders_in(file.name))
        self._store.ledger.put_file(
            file.name, size=file.size, mtime=file.mtime, ctime=file.ctime, seen=started, file_hash=digest
        )
        return True

    def _take_pages(self, file: FoundFile) -> None:
        held = {holder.page_id for holder in self._store.ledger.holders_in(file.name)}
        for page in self._read(file.path):
            named = storable(page, page_id=page.page_id if page.own_id else self._names[file.name])
            self._take_page(file, named)
            held.discard(named.page_id)
        for page_id in sorted(held):
            self._store.ledger.drop_holder(file.name, page_id=page_id)
        self._touch(held)

    def _take_page(self, file: FoundFile, page: Page) -> None:
        page_hash = self._writer.hash(page)
        self._store.ledger.put_holder(
            file.name,
            page_id=page.page_id,
            own=page.own_id,
            page_hash=page_hash,
            published="" if page.published is None else page.published.isoformat(),
            mtime=file.mtime,
        )
        newest = _newest(self._store.ledger.holders_of(page.page_id))
        if newest.path == file.name:
            self._put(page, page_hash)
        else:
            self._touch([page.page_id])

    def _put(self, page: Page, page_hash: str) -> None:
        before = self._store.page_hash(page.page_id)
        if before == page_hash:
            self._counts["unchanged"] += 1
            return
        self._writer.put(page, page_hash=page_hash)
        self._counts["added" if before is None else "updated"] += 1
        if self._store.waiting >= BATCH:
            self._embed()

    def _settle_page(self, page_id: str) -> None:
        holders = self._store.ledger.holders_of(page_id)
        if not holders:
            self._counts["removed"] += self._store.remove_page(page_id)
            return
        newest = _newest(holders)
        if newest.page_hash == self._store.page_hash(page_id):
            return
        page = self._found_again(newest)
        if page is not None:
            self._put(page, newest.page_hash)

    def _found_again(self, holder: Holder) -> Page | None:
        """Read a page once more from another file that holds it; `None` where that file has changed meanwhile."""
        try:
            for page in self._read(Path(holder.path)):
                named = storable(page, page_id=page.page_id if page.own_id else self._names[holder.path])
                if named.page_id == holder.page_id and self._writer.hash(named) == holder.page_hash:
                    return named
        except InputError as error:
            self.skipped[holder.path] = str(error)
        return None

    def _embed(self) -> None:
        self.embedded += self._writer.embed()
        self._tell("embed", self.done, self.total, self.embedded)

    def _keeps_names(self, path: str) -> bool:
        """Tell whether the page named after this file would still get the same name."""
        return all(holder.own or holder.page_id == self._names[path] for holder in self._store.ledger.holders_in(path))

    def _digest(self, path: Path) -> str:
        try:
            return sha256(self._writer.pipeline.encode() + b"\n" + path.read_bytes()).hexdigest()
        except OSError as error:
            raise InputError(f"`{path}` cannot be read: {error.strerror or error}") from error

    def _touch(self, page_ids: Sequence[str] | set[str]) -> None:
        self._touched |= dict.fromkeys(sorted(page_ids))


def _newest(holders: Sequence[Holder]) -> Holder:
    return max(holders, key=lambda holder: (holder.published, holder.mtime, holder.path))


def _is_same(row: FileRow, file: FoundFile) -> bool:
    """Tell by the fingerprint alone that a file is as it was read."""
    if (row.size, row.mtime, row.ctime) != (file.size, file.mtime, file.ctime):
        return False
    return max(file.mtime, file.ctime) + SETTLED_NS < row.seen


def _is_hidden(path: str, blind: Sequence[str]) -> bool:
    return any(is_below(path, folder) for folder in blind)
