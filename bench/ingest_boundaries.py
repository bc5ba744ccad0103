"""How well pages are cut into articles: precision, recall and F1 of boundaries on the written pages of `tests/ingest/pages`.

    python -m bench.ingest_boundaries [--show]

Half of the pages, chosen by a hash of their names, are held out: rules were written looking at the other half only.
`--show` lists what was missed or invented there, and never on the held-out half.
"""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from rag.ingest.split import split_page
from rag.types import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rag.types import Article

PAGES = Path(__file__).parent.parent / "tests" / "ingest" / "pages"
# First and last words of a body, in characters, that make two boundaries one.
WORDS = 8
# A line this long is prose even where a column cut it off before its end.
LONG_LINE = 40

_ENDS_SENTENCE = re.compile(r"[。！？!?…；;：:.][”’」』）)》】\"']*$")
_APART = re.compile(r"^[▲▼▶◀△]|^图为|^[（(][^（）()]{1,24}[）)]$")

# What a boundary is: which end of an article, its title where it opens, and the words there.
Boundary = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPage:
    """A page written for this, and the boundaries of the articles on it."""

    name: str
    page: Page
    expected: frozenset[Boundary]

    @property
    def is_held_out(self) -> bool:
        """Tell whether the page's name puts it in the half that no rule was written for."""
        return sha256(self.name.encode()).digest()[0] % 2 == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Counts of boundaries found, expected, and both."""

    found: int
    expected: int
    right: int

    @property
    def precision(self) -> float:
        """Share of the boundaries found that are right; 0 where none was found."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of the expected boundaries that were found; 0 where none was expected."""
        return self.right / self.expected if self.expected else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / (self.found + self.expected) if self.found + self.expected else 0.0


def written_pages() -> tuple[WrittenPage, ...]:
    """Return all written pages, by name."""
    return tuple(_written(path) for path in sorted(PAGES.glob("*.json")))


def boundaries_of(articles: Sequence[Article]) -> frozenset[Boundary]:
    """Return the boundaries of articles: title and first words of prose, and last words of prose."""
    found: list[Boundary] = []
    for article in articles:
        prose = [line for line in article.text.split("\n") if _is_prose(line)]
        if prose:
            found += _boundaries(article.title, prose[0], prose[-1])
    return frozenset(found)


def score(pages: Iterable[WrittenPage]) -> Score:
    """Return the counts over all these pages."""
    pairs = [(boundaries_of(split_page(row.page, {})), row.expected) for row in pages]
    return Score(
        found=sum(len(found) for found, _ in pairs),
        expected=sum(len(expected) for _, expected in pairs),
        right=sum(len(found & expected) for found, expected in pairs),
    )


def _written(sidecar: Path) -> WrittenPage:
    fields = json.loads(sidecar.read_text(encoding="utf-8"))
    text = next(path for suffix in (".txt", ".md") if (path := sidecar.with_suffix(suffix)).exists())
    page = Page(
        page_id=sidecar.stem,
        own_id="record_title" in fields,
        text=text.read_text(encoding="utf-8"),
        markup="markdown" if text.suffix == ".md" else "plain",
        source_path=text.name,
        title=fields.get("record_title"),
    )
    rows = [boundary for row in fields["articles"] for boundary in _boundaries(row["title"], row["first"], row["last"])]
    return WrittenPage(name=sidecar.stem, page=page, expected=frozenset(rows))


def _boundaries(title: str, first: str, last: str) -> list[Boundary]:
    return [("opens", "".join(title.split()), first[:WORDS]), ("closes", "", last[-WORDS:])]


def _is_prose(line: str) -> bool:
    if _APART.match(line):
        return False
    return len(line) >= LONG_LINE or _ENDS_SENTENCE.search(line) is not None


def _show(pages: Iterable[WrittenPage]) -> None:
    for row in pages:
        found = boundaries_of(split_page(row.page, {}))
        for mark, rows in (("missed", row.expected - found), ("invented", found - row.expected)):
            for boundary in sorted(rows):
                print(f"  {row.name}: {mark} {boundary}")


def main() -> None:
    """Print a line for each half."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--show", action="store_true", help="list what is wrong on the half that rules are written for")
    show = parser.parse_args().show
    pages = written_pages()
    for name, held_out in (("development", False), ("held out", True)):
        half = [row for row in pages if row.is_held_out is held_out]
        result = score(half)
        print(
            f"{name:12} pages {len(half):3}  boundaries {result.expected:3}  "
            f"precision {result.precision:.3f}  recall {result.recall:.3f}  F1 {result.f1:.3f}"
        )
        if show and not held_out:
            _show(half)


if __name__ == "__main__":
    main()
