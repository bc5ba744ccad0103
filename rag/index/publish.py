"""Derives the parts of a revision from the store and publishes them by one rename; cleans up what nobody reads."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from rag.index.changes import delete_pages, delete_texts, load_census
from rag.index.derive import Derivation
from rag.index.disk import sync_path, write_durably
from rag.index.engine import chosen_engine
from rag.index.lease import retire_leases
from rag.index.manifest import Manifest, dump_manifest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.index.connection import Connection
    from rag.index.layout import Layout


def publish(
    layout: Layout,
    connection: Connection,
    *,
    published: Manifest | None,
    target: int,
    model: str,
    dimension: int,
) -> tuple[Manifest, list[str]]:
    """Make the store's state in force the revision `target`; return its manifest and what had to be built anew."""
    for folder in (layout.vectors, layout.lexical, layout.leases):
        folder.mkdir(exist_ok=True)
    derivation = Derivation(layout, connection, published=published, target=target, model=model, dimension=dimension)
    choice = chosen_engine(connection)
    engine, notes = None, derivation.notes
    if choice is not None:
        from rag.index.milvus_build import MilvusDerivation

        milvus = MilvusDerivation(
            layout, connection, choice=choice, published=published, target=target, model=model, dimension=dimension
        )
        engine, notes = milvus.record(), milvus.notes
    census, _ = load_census(connection)
    manifest = Manifest(
        revision=target,
        embedder=model,
        dimension=dimension,
        roots=tuple(path for (path,) in connection.execute("SELECT path FROM roots ORDER BY path")),
        census=census,
        segments=derivation.segments() if choice is None else (),
        generation=derivation.generation() if choice is None else None,
        engine=engine,
    )
    sync_path(layout.vectors)
    sync_path(layout.lexical)
    if engine is not None:
        sync_path(layout.terms)
    _put_manifest(layout, connection, manifest)
    return manifest, notes


def _put_manifest(layout: Layout, connection: Connection, manifest: Manifest) -> None:
    if layout.database is not None:
        from rag.index.postgres_revisions import publish_row

        publish_row(connection, manifest)
        return
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    write_durably(layout.lease(manifest.revision), dump_manifest(manifest))
    write_durably(layout.manifest, dump_manifest(manifest))


def clean(layout: Layout, connection: Connection, *, current: Manifest) -> None:
    """Delete the parts, leases and rows that only revisions without a reader use."""
    held = [current, *retire_leases(layout, connection, current=current.revision)]
    segments = {record.file.name for manifest in held for record in manifest.segments}
    generations = {manifest.generation.name for manifest in held if manifest.generation is not None}
    for path in layout.vectors.iterdir():
        if path.name not in segments:
            path.unlink()
    for path in layout.lexical.iterdir():
        if path.name not in generations:
            shutil.rmtree(path)
    if current.engine is not None:
        _clean_engine(layout, connection, held)
    _purge(connection, held)


def _clean_engine(layout: Layout, connection: Connection, held: Sequence[Manifest]) -> None:
    from rag.index.milvus_build import clean_milvus

    clean_milvus(connection, held=held)
    terms = {row.file.name for manifest in held if manifest.engine is not None for row in manifest.engine.terms}
    for path in layout.terms.iterdir():
        if path.name not in terms:
            path.unlink()
    if layout.database is not None:
        from rag.index.postgres_revisions import drop_parts

        drop_parts(connection, kept=terms)


def _purge(connection: Connection, held: Sequence[Manifest]) -> None:
    """Delete removed pages that no reader sees: their text at once, their keys when no segment holds them."""
    oldest = min(manifest.revision for manifest in held)
    dead = connection.execute(
        "SELECT p.key, p.removed, c.key FROM pages p LEFT JOIN chunks c ON c.page = p.key WHERE p.removed <= ?",
        (oldest,),
    ).fetchall()
    records = {record.file.name: record for manifest in held for record in manifest.segments}.values()
    kept = {
        page
        for page, removed, chunk in dead
        if chunk is not None and any(row.first <= chunk <= row.last and removed > row.revision for row in records)
    }
    connection.execute("DELETE FROM stories WHERE removed <= ?", (oldest,))
    if dead:
        connection.execute("BEGIN IMMEDIATE")
        delete_texts(connection, sorted(kept))
        delete_pages(connection, sorted({page for page, _, _ in dead} - kept))
        connection.execute("COMMIT")
