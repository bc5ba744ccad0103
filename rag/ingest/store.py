"""What the sync asks of an index that it writes to; the index package provides it, assembly brings them together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from rag.types import Article, Chunk


class FileRow(Protocol):
    """A file that was read. Times are nanoseconds, `seen` is when; `file_hash` is of the pipeline and the bytes."""

    @property
    def size(self) -> int: ...  # noqa: D102
    @property
    def mtime(self) -> int: ...  # noqa: D102
    @property
    def ctime(self) -> int: ...  # noqa: D102
    @property
    def seen(self) -> int: ...  # noqa: D102
    @property
    def file_hash(self) -> str: ...  # noqa: D102


class Holder(Protocol):
    """A page that a file holds. `own` tells whether the page brought its id; `published` is a date or empty."""

    @property
    def path(self) -> str: ...  # noqa: D102
    @property
    def page_id(self) -> str: ...  # noqa: D102
    @property
    def own(self) -> bool: ...  # noqa: D102
    @property
    def page_hash(self) -> str: ...  # noqa: D102
    @property
    def published(self) -> str: ...  # noqa: D102
    @property
    def mtime(self) -> int: ...  # noqa: D102


class SyncLedger(Protocol):
    """The sync's memory: roots, files with fingerprints, which file holds which page, what could not be read."""

    def roots(self) -> list[str]:
        """Return the remembered roots, sorted."""
        ...

    def set_roots(self, roots: Iterable[str]) -> None:
        """Replace the remembered roots."""
        ...

    def files(self) -> Mapping[str, FileRow]:
        """Map the paths of all files that were read to their rows."""
        ...

    def put_file(self, path: str, *, size: int, mtime: int, ctime: int, seen: int, file_hash: str) -> None:
        """Add or replace a file's row."""
        ...

    def forget_file(self, path: str) -> list[str]:
        """Forget a file and what it held, and return the ids of those pages."""
        ...

    def holders_in(self, path: str) -> Sequence[Holder]:
        """Return what a file holds."""
        ...

    def holders_of(self, page_id: str) -> Sequence[Holder]:
        """Return the files that hold a page."""
        ...

    def put_holder(self, path: str, *, page_id: str, own: bool, page_hash: str, published: str, mtime: int) -> None:
        """Add or replace a holder."""
        ...

    def drop_holder(self, path: str, *, page_id: str) -> None:
        """Delete a holder."""
        ...

    def skipped(self) -> dict[str, str]:
        """Map the paths of files that could not be read to the reasons."""
        ...

    def set_skipped(self, skipped: dict[str, str]) -> None:
        """Replace the list of files that could not be read."""
        ...


class SyncStore(Protocol):
    """An index open for writing."""

    @property
    def folder(self) -> Path:
        """Where the index lies; a sync never reads below it."""
        ...

    @property
    def ledger(self) -> SyncLedger:
        """The sync's memory."""
        ...

    @property
    def revision(self) -> int:
        """The revision that readers open now; 0 before the first."""
        ...

    @property
    def notes(self) -> list[str]:
        """What a person should know: work taken up, parts built anew."""
        ...

    @property
    def waiting(self) -> int:
        """How many chunks still need a vector."""
        ...

    def page_hash(self, page_id: str) -> str | None:
        """Return the content hash of the page in force, `None` where there is none."""
        ...

    def numbers(self, page_id: str) -> dict[str, int]:
        """Return the remembered numbers of a page's articles, by their keys."""
        ...

    def put_page(
        self,
        page_id: str,
        *,
        page_hash: str,
        raw: bytes,
        articles: Sequence[Article],
        chunks: Sequence[Chunk],
        numbers: Mapping[str, int],
    ) -> None:
        """Add or replace a page."""
        ...

    def remove_page(self, page_id: str) -> bool:
        """Remove a page and tell whether there was one."""
        ...

    def articles(self) -> list[Article]:
        """Return all articles in force, in the order in which they were put."""
        ...

    def set_groups(self, groups: Iterable[Sequence[str]]) -> None:
        """Replace the groups of articles that tell one story."""
        ...

    def unembedded(self, limit: int) -> list[tuple[int, str]]:
        """Return key and text of at most `limit` chunks that still need a vector."""
        ...

    def put_vectors(self, keys: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Store the vectors of chunks, of shape (len(keys), dimension)."""
        ...

    def flush(self) -> None:
        """Make what was put so far durable, though not yet visible."""
        ...

    def roll_back(self) -> None:
        """Undo what was put since the last flush."""
        ...

    def commit(self) -> int:
        """Publish all that was put as one revision and return its number; without changes, the present one."""
        ...
