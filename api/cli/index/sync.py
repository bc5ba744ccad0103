"""`huwen index sync`: makes the index hold what files and folders hold."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.index.progress import show_progress
from api.cli.messages import words
from api.cli.options import FILE, json_option, settings_options
from api.cli.printing import line, note, print_json, skipped_line
from rag.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.config import Settings
    from rag.contract import Json
    from rag.types import SyncReport


@click.command("sync")
@click.argument("paths", nargs=-1, type=FILE, metavar="[PATH...]")
@click.option("--rebuild", is_flag=True, help="Start the index anew, for another embedding model or format.")
@click.option("--quiet", is_flag=True, help="Print only what went wrong.")
@settings_options
@json_option
def command(*, paths: Sequence[Path], rebuild: bool, quiet: bool, settings: Settings, as_json: bool) -> None:
    """Mirror files and folders: add, update and remove what changed below each PATH.

    Other roots stay as they are; without a PATH all known roots are looked at again. A file that cannot be read is
    named, and the rest is indexed (exit code 3).
    """
    from rag.assembly import sync_index

    with show_progress(quiet=quiet) as progress:
        report = sync_index(settings, [Path(path) for path in paths], progress=progress, rebuild=rebuild)
    text = words(os.environ)
    for row in report.skipped:
        note(skipped_line(row, text))
    if as_json:
        print_json(_report_json(report))
    elif not quiet:
        changed = report.added + report.updated + report.removed
        line((text.synced if changed else text.nothing_changed).format(**_counts(report)))
    if report.skipped:
        raise click.exceptions.Exit(InputError.exit_code)


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
