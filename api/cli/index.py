"""`huwen index …`: what is indexed, and its state."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.options import common, settings_of

if TYPE_CHECKING:
    from rag.contract import Json
    from rag.types import IndexStatus, SyncReport

SOME_SKIPPED = 3


@click.group()
def index() -> None:
    """Index files and folders, and say what is indexed."""


@index.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@common
@click.option("--rebuild", is_flag=True, help="Embed everything anew, for another embedding model.")
@click.option("--quiet", is_flag=True, help="Say only what went wrong.")
def sync(
    *,
    paths: tuple[Path, ...],
    index: Path | None,
    config: Path | None,
    as_json: bool,
    rebuild: bool,
    quiet: bool,
) -> int:
    """Mirror PATHS into the index: add, update and remove below them. Without PATHS, everything known is checked again."""
    from api.cli.output import print_json
    from api.cli.progress import open_progress
    from rag.assembly import sync_index
    from rag.errors import UsageError

    for path in paths:
        if not path.exists():
            raise UsageError(f"no file or folder at `{path}`; check the path")
    with open_progress(quiet=quiet or as_json) as progress:
        report = sync_index(settings_of(config, index=index), paths, progress=progress, rebuild=rebuild)
    if as_json:
        print_json(_report_json(report))
    else:
        _print_report(report, quiet=quiet)
    return SOME_SKIPPED if report.skipped else 0


@index.command()
@common
def status(*, index: Path | None, config: Path | None, as_json: bool) -> None:
    """Say what the index holds, and what could not be read."""
    from api.cli.output import print_json
    from rag.assembly import index_status
    from rag.contract import status_json

    found = index_status(settings_of(config, index=index))
    if as_json:
        print_json(status_json(found))
    else:
        _print_status(found)


def _print_report(report: SyncReport, *, quiet: bool) -> None:
    from api.cli.messages import MESSAGES
    from api.cli.output import locale_lang

    words = MESSAGES[locale_lang()]
    for row in report.skipped:
        click.echo(words["skipped"].format(path=row.path, reason=row.reason), err=True)
    if quiet:
        return
    if not report.added + report.updated + report.removed + report.embedded:
        click.echo(words["unchanged"], nl=False)
        click.echo(" ", nl=False)
    click.echo(
        words["synced"].format(
            added=report.added,
            updated=report.updated,
            removed=report.removed,
            unchanged=report.unchanged,
            embedded=report.embedded,
            revision=report.revision,
        )
    )


def _report_json(report: SyncReport) -> dict[str, Json]:
    return {
        "revision": report.revision,
        "added": report.added,
        "updated": report.updated,
        "removed": report.removed,
        "unchanged": report.unchanged,
        "embedded": report.embedded,
        "skipped": [{"path": row.path, "reason": row.reason} for row in report.skipped],
    }


def _print_status(found: IndexStatus) -> None:
    from api.cli.messages import MESSAGES
    from api.cli.output import locale_lang

    words = MESSAGES[locale_lang()]
    click.echo(
        words["status"].format(
            pages=found.pages,
            articles=found.articles,
            chunks=found.chunks,
            newest=found.newest or "-",
            revision=found.revision,
            embedder=found.embedder,
        )
    )
    for root in found.roots:
        click.echo(words["root"].format(path=root))
    for code, ids in found.flags.items():
        click.echo(f"{code}: {', '.join(ids)}")
    for row in found.skipped:
        click.echo(words["skipped"].format(path=row.path, reason=row.reason), err=True)
