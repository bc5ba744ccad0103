"""Brings an index in line with files: which pages are new, changed or gone, decided by (id, content hash)."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Literal

from rag.errors import HuwenError, InputError
from rag.ingest.fingerprints import begin_reading, is_unchanged, remember, remember_unread
from rag.ingest.naming import name_pages
from rag.ingest.pages import BATCH, storable
from rag.ingest.readers.archive import MEMBER_MARK
from rag.ingest.roots import is_below
from rag.types import Skipped, SyncReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rag.ingest.pages import PageWriter
    from rag.ingest.roots import FoundFile, Scan
    from rag.ingest.store import Holder
    from rag.types import Page

Stage = Literal["scan", "read", "embed", "publish", "done"]


class Mirror:
    """Takes roots one by one, then settles. `skipped` maps what could not be read to the reasons; `done` counts files."""

    def __init__(
        self,
        *,
        writer: PageWriter,
        read: Callable[[Path], Iterator[Page]],
        files: Sequence[FoundFile],
        tell: Callable[[Stage, int, int, int], None],
    ) -> None:
        self.skipped: dict[str, str] = {}
        self.total = len(files)
        self.done = 0
        self.embedded = 0
        self._writer = writer
        self._store = writer.store
        self._ledger = writer.store.ledger
        self._read = read
        self._tell = tell
        self._known = dict(self._ledger.files())
        self._names = name_pages(
            {file.name: file for file in files},
            known=self._known,
            ledger=self._ledger,
            read=read,
            pipeline=writer.pipeline,
        )
        self._pages_read = 0
        self._before: dict[str, str | None] = {}
        self._unsettled: dict[str, None] = {}
        self._seen: set[str] = set()

    def take(self, root: str, scan: Scan) -> bool:
        """Read the files of one root that changed, and note those that are gone; tell whether any file could be read.

        Where none could, nothing that the index has from the root is touched.
        """
        self.skipped |= scan.skipped
        readable = [self._take_file(file) for file in scan.files]
        if not any(readable):
            return False
        there = {file.name for file in scan.files} | set(scan.skipped)
        for path in self._known:
            if is_below(path, root) and path not in there and not any(is_below(path, gap) for gap in scan.blind):
                self._unsettled |= dict.fromkeys(self._ledger.forget_file(path))
        return True

    def forget(self, root: str) -> None:
        """Forget a root with all its files."""
        for path in self._known:
            if is_below(path, root):
                self._unsettled |= dict.fromkeys(self._ledger.forget_file(path))

    def settle(self) -> None:
        """Give every page that lost or changed a holder the content of its newest one, and embed what waits."""
        for page_id in self._unsettled:
            self._settle_page(page_id)
        while self._store.waiting:
            self._embed()

    def report(self, *, revision: int) -> SyncReport:
        """Return what was done, in pages."""
        after = {page_id: self._store.page_hash(page_id) for page_id in self._before}
        changes = [(before, after[page_id]) for page_id, before in self._before.items() if before != after[page_id]]
        return SyncReport(
            revision=revision,
            added=sum(before is None for before, _ in changes),
            updated=sum(before is not None and now is not None for before, now in changes),
            removed=sum(now is None for _, now in changes),
            unchanged=sum(page_id not in after or self._before[page_id] == after[page_id] for page_id in self._seen),
            embedded=self.embedded,
            skipped=tuple(Skipped(path=path, reason=reason) for path, reason in sorted(self.skipped.items())),
        )

    def _take_file(self, file: FoundFile) -> bool:
        """Bring one file's pages in; return whether anything in it could be read."""
        self.done += 1
        self._tell("read", self.done, self.total, self.embedded)
        row = self._known.get(file.name)
        keeps_names = row is not None and self._keeps_names(file.name)
        if row is not None and keeps_names and is_unchanged(row, file, pipeline=self._writer.pipeline):
            self._see(file.name)
            return True
        pages_before = self._pages_read
        try:
            reading = begin_reading(file, pipeline=self._writer.pipeline)
            if row is None or row.file_hash != reading.file_hash or not keeps_names:
                self._take_pages(file)
            remember(self._ledger, reading)
        except InputError as error:
            self.skipped[file.name] = str(error)
            if self._ledger.holders_in(file.name):
                remember_unread(self._ledger, file)
        self._see(file.name)
        return file.name not in self.skipped or self._pages_read > pages_before

    def _take_pages(self, file: FoundFile) -> None:
        """Put what is new in a file. Raises `InputError` after the pages that could be used, which are kept."""
        gone = {holder.page_id for holder in self._ledger.holders_in(file.name)}
        failures: list[str] = []
        for page in self._pages(file.name, file.path):
            gone.discard(page.page_id)
            try:
                self._take_page(file, page)
            except InputError as error:
                failures.append(str(error))
        for page_id in sorted(gone):
            self._ledger.drop_holder(file.name, page_id=page_id)
            self._unsettled[page_id] = None
        if failures:
            raise InputError("; ".join(failures))

    def _take_page(self, file: FoundFile, page: Page) -> None:
        page_hash = self._writer.hash(page)
        others = [holder for holder in self._ledger.holders_of(page.page_id) if holder.path != file.name]
        published = "" if page.published is None else page.published.isoformat()
        if all((published, file.mtime, file.name) > _age(holder) for holder in others):
            self._put(page, page_hash)
        else:
            self._unsettled[page.page_id] = None
        self._ledger.put_holder(
            file.name,
            page_id=page.page_id,
            own=page.own_id,
            page_hash=page_hash,
            published=published,
            mtime=file.mtime,
        )

    def _put(self, page: Page, page_hash: str) -> None:
        if self._store.page_hash(page.page_id) == page_hash:
            return
        self._note(page.page_id)
        self._writer.put(page, page_hash=page_hash)
        if self._store.waiting >= BATCH:
            self._embed()

    def _settle_page(self, page_id: str) -> None:
        holders = self._ledger.holders_of(page_id)
        if not holders:
            self._note(page_id)
            self._store.remove_page(page_id)
            return
        newest = max(holders, key=_age)
        if newest.page_hash != self._store.page_hash(page_id):
            page = self._found_again(newest)
            if page is not None:
                self._put(page, newest.page_hash)

    def _found_again(self, holder: Holder) -> Page | None:
        """Read a page once more from another file that holds it; `None` where that file has changed meanwhile."""
        try:
            for page in self._pages(holder.path, Path(holder.path)):
                if page.page_id == holder.page_id and self._writer.hash(page) == holder.page_hash:
                    return page
        except InputError as error:
            self.skipped[holder.path] = str(error)
        return None

    def _pages(self, name: str, path: Path) -> Iterator[Page]:
        """Yield a file's pages under their final ids; whatever a reader trips over becomes an `InputError`."""
        try:
            for page in self._read(path):
                self._pages_read += 1
                yield storable(page, page_id=page.page_id if page.own_id else self._named(page, name))
        except HuwenError:
            raise
        except Exception as error:  # one hostile file must not end a sync of thousands
            raise InputError(f"`{path}` cannot be read: {error!r}") from error

    def _named(self, page: Page, name: str) -> str:
        """Return the id of a page that is named after its file; what an archive's member adds to the file's name stays."""
        stem = PurePath(name).stem
        return self._names[name] + (page.page_id.removeprefix(stem) if page.page_id.startswith(stem) else "")

    def _embed(self) -> None:
        self.embedded += self._writer.embed()
        self._tell("embed", self.done, self.total, self.embedded)

    def _keeps_names(self, path: str) -> bool:
        """Tell whether the pages named after this file would still get the same names."""
        name = self._names[path]
        ids = [holder.page_id for holder in self._ledger.holders_in(path) if not holder.own]
        return all(page_id == name or page_id.startswith(f"{name}{MEMBER_MARK}") for page_id in ids)

    def _see(self, path: str) -> None:
        self._seen |= {holder.page_id for holder in self._ledger.holders_in(path)}

    def _note(self, page_id: str) -> None:
        """Remember what a page was before this sync."""
        if page_id not in self._before:
            self._before[page_id] = self._store.page_hash(page_id)


def _age(holder: Holder) -> tuple[str, int, str]:
    return holder.published, holder.mtime, holder.path
