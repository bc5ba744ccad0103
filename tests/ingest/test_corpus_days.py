"""The days of the real corpus against keys that were made by reading: publication, events, deadlines; what is missing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bench.event_days import HALVES, corpus_articles, key_rows, score

if TYPE_CHECKING:
    from rag.types import Article

PUBLISHED = Path(__file__).parents[2] / "bench" / "keys" / "published.tsv"
NO_DAY = "-"
LOWEST = 0.95
IMAGES = ("2650690692_1", "2650690693_1", "2650691297_1", "2650691525_3")
LISTS = ("2650691680_2", "2650692592_1", "2650692669_2", "2650692691_2", "2650692899_1", "2650693252_1",
         "2650693508_2", "2650690835_2", "2650690835_3")  # fmt: skip
DIGESTS = ("2650690922_2", "2650692372_3", "2650693312_2")


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    folder = os.environ.get("HUWEN_CORPUS")
    if folder is None:
        pytest.skip("HUWEN_CORPUS is not set")
    return corpus_articles(Path(folder))


def test_every_article_has_the_publication_date_of_the_key_and_a_teaser_none(articles: dict[str, Article]) -> None:
    lines = [line.split("\t") for line in PUBLISHED.read_text("utf-8").splitlines() if not line.startswith("#")]
    found = {
        row.article_id: NO_DAY if row.published is None else row.published.isoformat() for row in articles.values()
    }
    assert found == dict(lines)


@pytest.mark.parametrize("half", HALVES)
def test_days_and_deadlines_are_read_right(articles: dict[str, Article], half: str) -> None:
    found = score(articles, [row for row in key_rows() if row.half == half])
    assert found.wanted >= 50
    assert found.kinds / found.wanted >= LOWEST
    assert found.right / found.read >= LOWEST


def test_what_is_announced_and_absent_is_flagged(articles: dict[str, Article]) -> None:
    for code, ids in (("content_missing", IMAGES), ("list_missing", LISTS), ("digest", DIGESTS)):
        assert sorted(row.article_id for row in articles.values() if code in row.flags) == sorted(ids)
