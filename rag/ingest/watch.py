"""Syncs again and again: looks at the files every few seconds and says when something changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import IndexBusyError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rag.types import SyncReport


def watch(
    sync: Callable[[], SyncReport], *, wait: Callable[[], bool], tell: Callable[[str], None]
) -> Iterator[SyncReport]:
    """Yield the first report and then each that changed something or lists other files than the one before.

    `wait` pauses between two looks and says whether to go on. A root that is gone for the moment, or another writer,
    is told and waited for.
    """
    last = sync()
    yield last
    trouble = None
    while wait():
        try:
            report = sync()
        except (IndexBusyError, InputError) as error:
            if str(error) != trouble:
                trouble = str(error)
                tell(trouble)
            continue
        trouble = None
        if report.revision != last.revision or report.skipped != last.skipped:
            yield report
        last = report
