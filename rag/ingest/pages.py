"""Pages on their way into an index: cleaned of what cannot be stored, hashed, split, chunked and put."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

from rag.errors import HuwenError, InputError
from rag.ingest.identity import article_key
from rag.types import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rag.ingest.store import SyncStore
    from rag.protocols import Embedder
    from rag.types import Article, Chunk

# Chunks embedded at once; what was embedded is durable from then on.
BATCH = 512
NUMBER_MARK = "#"
# Half a character: JSON can hold it, UTF-8 and SQLite cannot.
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PageWriter:
    """Turns pages into articles, chunks and vectors of an index. `pipeline` names the versions of split and chunk.

    A dry one puts bare pages, for the sync to count; they must not be published.
    """

    store: SyncStore
    embedder: Embedder
    split: Callable[[Page, Mapping[str, int]], tuple[Article, ...]]
    chunk: Callable[[Article], tuple[Chunk, ...]]
    pipeline: str
    is_dry: bool = False

    def put(self, page: Page, *, page_hash: str) -> None:
        """Put a page. Raises `InputError` where the page defeats the splitter, before anything is changed."""
        articles, chunks = ((), []) if self.is_dry else self._prepared(page)
        prefix = f"{page.page_id}{NUMBER_MARK}"
        numbers = {
            article_key(article.title, article.text): int(article.article_id.removeprefix(prefix))
            for article in articles
            if article.article_id.startswith(prefix)
        }
        self.store.put_page(
            page.page_id,
            page_hash=page_hash,
            raw=_raw(page),
            articles=articles,
            chunks=chunks,
            numbers=numbers,
        )

    def hash(self, page: Page) -> str:
        """Return what changes whenever the page, or what would be made of it, changes."""
        return sha256(self.pipeline.encode() + b"\n" + _raw(page)).hexdigest()

    def embed(self) -> int:
        """Embed a batch of the chunks that wait, make it durable, and return its size."""
        rows = self.store.unembedded(BATCH)
        if rows:
            vectors = self.embedder.embed([text for _, text in rows], kind="document")
            self.store.put_vectors([key for key, _ in rows], vectors)
        self.store.flush()
        return len(rows)

    def _prepared(self, page: Page) -> tuple[tuple[Article, ...], list[Chunk]]:
        try:
            articles = self.split(page, self.store.numbers(page.page_id))
            return articles, [chunk for article in articles for chunk in self.chunk(article)]
        except HuwenError:
            raise
        except Exception as error:  # one hostile page must not end a sync of thousands
            raise InputError(f"page `{page.page_id}` of `{page.source_path}` cannot be split: {error!r}") from error


def storable(page: Page, *, page_id: str) -> Page:
    """Return the page under its final id, with characters that no store takes replaced."""
    return dataclasses.replace(
        page,
        page_id=_whole(page_id),
        text=_whole(page.text),
        source_path=_whole(page.source_path),
        title=None if page.title is None else _whole(page.title),
        source=None if page.source is None else _whole(page.source),
        url=None if page.url is None else _whole(page.url),
    )


def page_of(raw: bytes) -> Page:
    """Return the page that a stored raw page was made from."""
    fields = json.loads(raw)
    published = fields.pop("published")
    return Page(
        published=None if published is None else date.fromisoformat(published),
        furniture=frozenset(fields.pop("furniture")),
        **fields,
    )


def _whole(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text)


def _raw(page: Page) -> bytes:
    fields = {field.name: getattr(page, field.name) for field in dataclasses.fields(page)}
    fields["published"] = None if page.published is None else page.published.isoformat()
    fields["furniture"] = sorted(_whole(line) for line in page.furniture)
    return json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()
