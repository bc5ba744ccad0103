"""`huwen index sync`: makes the index hold what files and folders hold."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.index.progress import show_progress
from api.cli.messages import WORDS, locale_lang
from api.cli.options import FILE, json_option, settings_options
from api.cli.printing import line, note, print_json, skipped_line
from rag.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rag.config import Settings
    from rag.contract import Json
    from rag.types import SyncReport


# Seconds between two looks at the files.
WATCH_S = 2.0


@click.command("sync")
@click.argument("paths", nargs=-1, type=FILE, metavar="[PATH...]")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--prune", is_flag=True, help="Remove what came from roots that are gone or empty now.")
@click.option("--watch", is_flag=True, help="Go on and take up every change until Ctrl-C.")
@click.option("--rebuild", is_flag=True, help="Start the index anew, for another embedding model or format.")
@click.option("--quiet", is_flag=True, help="Print only what went wrong.")
@settings_options
@json_option
def command(
    *,
    paths: Sequence[Path],
    dry_run: bool,
    prune: bool,
    watch: bool,
    rebuild: bool,
    quiet: bool,
    settings: Settings,
    as_json: bool,
) -> None:
    """Mirror files and folders: add, update and remove what changed below each PATH.

    Other roots stay as they are; without a PATH all known roots are looked at again. A file that cannot be read is
    named, and the rest is indexed (exit code 3). A root that is gone or empty is an error unless --prune is given.
    """
    from api.access.audit import index_audit, note_act
    from rag.assembly import sync_index

    roots = [Path(path) for path in paths]

    def once(*, anew: bool) -> SyncReport:
        with show_progress(quiet=quiet or watch) as progress:
            report = sync_index(settings, roots, progress=progress, rebuild=anew, dry_run=dry_run, prune=prune)
        if not dry_run and _has_changed(report):
            note_act(index_audit(settings.index), "index sync", about={**_counts(report)})
        return report

    if watch:
        _watch(once, rebuild=rebuild, quiet=quiet, as_json=as_json)
        return
    report = once(anew=rebuild)
    _print(report, quiet=quiet, as_json=as_json)
    if report.skipped:
        raise click.exceptions.Exit(InputError.exit_code)


def _watch(once: Callable[..., SyncReport], *, rebuild: bool, quiet: bool, as_json: bool) -> None:
    from rag.ingest.watch import watch

    todo = iter([rebuild])

    def wait() -> bool:
        time.sleep(WATCH_S)
        return True

    for report in watch(lambda: once(anew=next(todo, False)), wait=wait, tell=note):
        _print(report, quiet=quiet, as_json=as_json)


def _print(report: SyncReport, *, quiet: bool, as_json: bool) -> None:
    lang = locale_lang(os.environ)
    text = WORDS[lang]
    for row in report.skipped:
        note(skipped_line(row, lang))
    if as_json:
        print_json(_report_json(report))
    elif not quiet:
        line((text.synced if _has_changed(report) else text.nothing_changed).format(**_counts(report)))


def _has_changed(report: SyncReport) -> bool:
    return bool(report.added + report.updated + report.removed)


def _counts(report: SyncReport) -> dict[str, int]:
    return {
        "revision": report.revision,
        "added": report.added,
        "updated": report.updated,
        "removed": report.removed,
        "unchanged": report.unchanged,
        "embedded": report.embedded,
    }


def _report_json(report: SyncReport) -> dict[str, Json]:
    return {**_counts(report), "skipped": [{"path": row.path, "reason": row.reason} for row in report.skipped]}
