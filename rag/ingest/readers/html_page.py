"""Reads HTML files: one page a file, its main text without menus, scripts and notes of the site."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import InputError
from rag.ingest.readers.files import MIB, read_text
from rag.ingest.readers.html_text import HtmlArticle, article_of, told_article
from rag.ingest.readers.isolated import run_isolated
from rag.types import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
# Without images that are written into the page.
MAX_MARKUP = 4 * MIB
# Read in this process up to here: hostile markup takes 150 times its size, and seconds that grow with its square.
INLINE_CHARS = 256 * 1024
INLINE_TAGS = 20_000
_HEAD = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_INLINE_DATA = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=]+")


class HtmlReader:
    """Takes HTML files, by suffix or by how they begin."""

    def accepts(self, path: Path, head: bytes) -> bool:
        """Tell by the suffix or the first bytes."""
        return path.suffix.lower() in SUFFIXES or _HEAD.match(head) is not None

    def read(self, path: Path) -> Iterator[Page]:
        """Yield the file as one page. Raises `InputError` where no main text is found."""
        markup = _INLINE_DATA.sub("", read_text(path))
        if len(markup.encode(errors="replace")) > MAX_MARKUP:
            raise InputError(f"`{path}` has more than {MAX_MARKUP // MIB} MiB of markup; save its text alone")
        article = article_of(markup) if _is_small(markup) else _isolated(markup, path)
        if article is None:
            raise InputError(f"`{path}` has no main text that can be told from its menus; save its text as .txt")
        yield Page(
            page_id=path.stem,
            own_id=False,
            text=article.text,
            markup="plain",
            source_path=str(path),
            title=article.title,
            source=article.source,
            published=article.published,
            url=article.url,
        )


def _is_small(markup: str) -> bool:
    return len(markup) <= INLINE_CHARS and markup.count("<") <= INLINE_TAGS


def _isolated(markup: str, path: Path) -> HtmlArticle | None:
    with tempfile.TemporaryDirectory(prefix="huwen-") as folder:
        copy = Path(folder, "page.html")
        copy.write_text(markup, "utf-8", errors="replace")
        try:
            return told_article(run_isolated("html_text", copy))
        except InputError as error:
            raise InputError(str(error).replace(str(copy), str(path))) from error
