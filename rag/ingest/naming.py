"""Names the pages that are named after their files; opens a file only where two of them could take one name."""

from __future__ import annotations

from collections import Counter
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from rag.errors import InputError
from rag.ingest.fingerprints import is_unchanged
from rag.ingest.identity import page_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from rag.ingest.roots import FoundFile
    from rag.ingest.store import FileRow, SyncLedger
    from rag.types import Page


def name_pages(
    files: Mapping[str, FoundFile],
    *,
    known: Mapping[str, FileRow],
    ledger: SyncLedger,
    read: Callable[[Path], Iterator[Page]],
    pipeline: str,
) -> dict[str, str]:
    """Map every file, found now or known before, to the page id that it gives a page without an id of its own.

    Exports, whose records have ids, and files that cannot be read do not compete for a name.
    """
    paths = sorted({*files, *known})
    stems = Counter(PurePath(path).stem for path in paths)

    def competes(path: str) -> bool:
        if stems[PurePath(path).stem] == 1:
            return True
        row, file = known.get(path), files.get(path)
        if file is not None and (row is None or not is_unchanged(row, file, pipeline=pipeline)):
            return _gives_named_page(file.path, read)
        return any(not holder.own for holder in ledger.holders_in(path))

    names = page_names(filter(competes, paths))
    return {path: names.get(path, PurePath(path).stem) for path in paths}


def _gives_named_page(path: Path, read: Callable[[Path], Iterator[Page]]) -> bool:
    try:
        return any(not page.own_id for page in read(path))
    except InputError:
        return False
