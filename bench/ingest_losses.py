"""Does a fact get lost between the raw pages and the articles? Prints what of either the other does not hold.

    HUWEN_CORPUS=FOLDER python bench/ingest_losses.py [--lines]

Every character of every article must stand in its page (white space aside), and every line of a page that no article holds
must be of a kind that is left out on purpose: furniture of the source or of form, a header's date, the line that names
the source, the introduction of a series, a title, a paragraph pasted twice. `--lines` prints those lines.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from rag.ingest.blocks import BlockKind, blocks_of, is_rule
from rag.ingest.clean import clean_paragraphs
from rag.ingest.furniture import is_furniture
from rag.ingest.introductions import without_introduction
from rag.ingest.provenance import take_source
from rag.ingest.raw_spans import left_out, raw_pieces, unmapped
from rag.ingest.read import read_pages
from rag.ingest.readers.columns import ColumnMapping
from rag.ingest.split import ORIGIN, split_page
from rag.ingest.teasers import LIST_HEAD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.types import Article, Page

SHORT_NUMBER = 3


def reason(line: str, page: Page, articles: Sequence[Article]) -> str:
    """Return why a line of a page is in no article; `lost` where there is no reason."""
    lines = clean_paragraphs(page.text, furniture=frozenset())
    clean = "".join(clean_paragraphs(line, furniture=frozenset()))
    named, kept = take_source(lines)
    title = page.title or page.page_id
    introduction = set(kept) - set(without_introduction(kept, title=title))
    kinds = {
        "furniture of the source": line.strip() in page.furniture,
        "furniture by its form": is_furniture(" ".join(line.split())),
        "nothing to see": not clean,
        "a number of a gallery": clean.isdigit() and len(clean) <= SHORT_NUMBER,
        "a rule": is_rule(clean),
        "the head of a list of other articles": LIST_HEAD.match(clean) is not None,
        "the line of the source": named is not None and clean not in kept,
        "an introduction": clean in introduction,
        "a title": any(_squeezed(clean).strip("#") in _squeezed(article.title) for article in articles),
        "a line of the header": any(
            block.kind is BlockKind.DATE or block.text == clean for block in blocks_of(lines[:6]) if block.text == clean
        ),
        "pasted twice": sum(_squeezed(other).startswith(_squeezed(clean)) for other in lines) > 1,
    }
    return next((name for name, holds in kinds.items() if holds), "lost")


def report(pages: Iterator[Page], *, shows_lines: bool) -> bool:
    """Print the counts; return whether nothing was lost and nothing made up."""
    counts: Counter[str] = Counter()
    invented, characters = [], 0
    for page in pages:
        articles = split_page(page, {})
        pieces = {article.article_id: raw_pieces(article.text, page.text) for article in articles}
        for article in articles:
            characters += len(article.text)
            missing = unmapped(article.text, pieces[article.article_id])
            # The one word of ours: the label of a line that says whom the text was taken from.
            missing = "" if missing in ORIGIN and f"\n{ORIGIN}" in article.text else missing
            if missing:
                invented.append(f"{article.article_id}: {missing[:60]}")
        for line in left_out(page.text, (piece for found in pieces.values() for piece in found)):
            why = reason(line, page, articles)
            counts[why] += 1
            if shows_lines or why == "lost":
                print(f"{page.page_id} {why}: {line[:100]}")
    print(f"{characters:,} characters of articles; not in their pages: {len(invented)} pieces", *invented, sep="\n  ")
    print(*(f"{count:5} lines left out: {why}" for why, count in counts.most_common()), sep="\n")
    return not invented and not counts["lost"]


def pages_of(folder: Path) -> Iterator[Page]:
    """Yield the pages of every file in a folder."""
    for path in sorted(row for row in folder.rglob("*") if row.is_file()):
        yield from read_pages(path, columns=ColumnMapping())


def _squeezed(text: str) -> str:
    return "".join(text.split())


if __name__ == "__main__":
    sys.exit(0 if report(pages_of(Path(os.environ["HUWEN_CORPUS"])), shows_lines="--lines" in sys.argv) else 1)
