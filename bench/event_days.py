"""How many days of articles are read right: recall and precision against a key that was made by reading, in two halves.

    HUWEN_CORPUS=FOLDER python -m bench.event_days [--show]

`bench/keys/days.tsv` gives, for each record of the corpus that is no digest, the days, months and deadlines that it names:
every day, and months and longer periods in part. A third of a month is an `event`, more than two months are a `period`.
It was made by reading, before the reader's output was seen; then four days that a first reading had passed over were added
and those two conventions were fixed. Halves alternate by article; the `held` half's errors were not looked at, and `--show`
lists the other half only.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rag.ingest.read import read_pages
from rag.ingest.split import split_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rag.types import Article, Event

KEY = Path(__file__).parent / "keys" / "days.tsv"
HALVES = ("dev", "held")

# First and last day, both included.
Days = tuple[date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """One day or period that an article names, and what it is for."""

    article_id: str
    days: Days
    kind: str
    half: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Counts of one half: key rows found, found with the right kind, all; days read that the key has, all days read."""

    found: int
    kinds: int
    wanted: int
    right: int
    read: int
    missed: tuple[str, ...]
    invented: tuple[str, ...]


def key_rows(path: Path = KEY) -> tuple[KeyRow, ...]:
    """Return the rows of the key."""
    lines = [line.split("\t") for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return tuple(
        KeyRow(
            article_id=article_id,
            days=(date.fromisoformat(first), date.fromisoformat(last)),
            kind=kind,
            half=half,
        )
        for article_id, first, last, kind, half in lines
    )


def corpus_articles(folder: Path) -> dict[str, Article]:
    """Return the articles of a folder's pages by their ids."""
    pages = (page for path in sorted(folder.iterdir()) for page in read_pages(path))
    return {row.article_id: row for page in pages for row in split_page(page, {})}


def score(articles: Mapping[str, Article], key: Sequence[KeyRow]) -> Score:
    """Score the articles that the key names; a period is no error where the key lacks it, for it holds them in part."""
    wanted = {(row.article_id, row.days): row.kind for row in key}
    events = {article_id: articles[article_id].particulars.events for article_id, _ in wanted}
    kinds = {(article_id, row[0]): row[1] for article_id, found in events.items() for row in _by_days(found).items()}
    read = [place for place, names in kinds.items() if names != {"period"}]
    return Score(
        found=sum(place in kinds for place in wanted),
        kinds=sum(kind in kinds.get(place, ()) for place, kind in wanted.items()),
        wanted=len(wanted),
        right=sum(place in wanted for place in read),
        read=len(read),
        missed=_lines(place for place, kind in wanted.items() if kind not in kinds.get(place, ())),
        invented=_lines(place for place in read if place not in wanted),
    )


def _by_days(events: Iterable[Event]) -> dict[Days, set[str]]:
    found: dict[Days, set[str]] = {}
    for row in events:
        found.setdefault((row.first, row.last), set()).add(row.kind)
    return found


def _lines(places: Iterable[tuple[str, Days]]) -> tuple[str, ...]:
    return tuple(f"{article_id} {first} {last}" for article_id, (first, last) in places)


def main() -> None:
    """Print both halves' counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--show", action="store_true", help="list what was missed or invented, never of the held-out half"
    )
    show = parser.parse_args().show
    articles, key = corpus_articles(Path(os.environ["HUWEN_CORPUS"])), key_rows()
    for half in HALVES:
        row = score(articles, [row for row in key if row.half == half])
        print(
            f"{half}: recall {row.found}/{row.wanted} = {row.found / row.wanted:.3f}, with kind {row.kinds}/{row.wanted} = "
            f"{row.kinds / row.wanted:.3f}, precision {row.right}/{row.read} = {row.right / row.read:.3f}"
        )
        if show and half != "held":
            print(
                "\n".join([f"  missed {line}" for line in row.missed] + [f"  invented {line}" for line in row.invented])
            )


if __name__ == "__main__":
    main()
