"""`huwen index`, `search` and `show`, from a folder of files to what can be read back."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Huwen

SAMPLES = Path(__file__).resolve().parent.parent.parent / "samples" / "articles"


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in ("ai-industry-notes.md", "pilot-platforms-explained.txt"):
        shutil.copy(SAMPLES / name, folder)
    return folder


def test_sync_says_what_it_did_and_the_second_time_that_nothing_changed(huwen: Huwen, articles: Path) -> None:
    first = huwen("index", "sync", str(articles))
    assert first.code == 0
    assert first.out.startswith("2 added, 0 updated, 0 removed, 0 unchanged")
    second = huwen("index", "sync")
    assert second.code == 0
    assert second.out.startswith("nothing changed: 2 pages")


def test_sync_reports_what_was_removed_and_updated(huwen: Huwen, articles: Path) -> None:
    huwen("index", "sync", str(articles))
    (articles / "ai-industry-notes.md").unlink()
    with (articles / "pilot-platforms-explained.txt").open("a", encoding="utf-8") as file:
        file.write("\n\n望潮区另有三家中试平台正在建设。\n")
    report = json.loads(huwen("index", "sync", "--json").out)
    assert (report["added"], report["updated"], report["removed"], report["unchanged"]) == (0, 1, 1, 0)


def test_a_file_that_cannot_be_read_is_named_and_the_rest_indexed(huwen: Huwen, articles: Path) -> None:
    (articles / "broken.json").write_text('[{"标题title": ')
    (articles / "empty.json").write_text("{}")
    ran = huwen("index", "sync", str(articles))
    assert ran.code == 3
    assert "broken.json" in ran.err
    assert "empty.json" in ran.err
    assert ran.out.startswith("2 added")


def test_quiet_prints_only_what_went_wrong(huwen: Huwen, articles: Path) -> None:
    ran = huwen("index", "sync", str(articles), "--quiet")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    (articles / "broken.json").write_text("[")
    ran = huwen("index", "sync", "--quiet")
    assert (ran.code, ran.out) == (3, "")
    assert "broken.json" in ran.err


def test_a_folder_without_readable_files_exits_with_3(huwen: Huwen, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    ran = huwen("index", "sync", str(empty))
    assert ran.code == 3
    assert str(empty) in ran.err


def test_a_path_that_is_not_there_is_an_error(huwen: Huwen) -> None:
    ran = huwen("index", "sync", "no-such-folder")
    assert ran.code in (2, 3)
    assert "no-such-folder" in ran.err


def test_sync_without_a_path_and_without_an_index_asks_for_one(huwen: Huwen) -> None:
    ran = huwen("index", "sync")
    assert ran.code == 2
    assert "huwen index sync PATH" in ran.err


def test_status_has_the_fields_of_the_contract(huwen: Huwen, sample_index: Path) -> None:
    status = json.loads(huwen("index", "status", "--index", str(sample_index), "--json").out)
    assert (
        list(status)
        == "revision embedder roots pages articles chunks newest sources latest groups differences flags skipped".split()
    )
    assert status["roots"] == [str(SAMPLES)]


def test_status_as_text_names_counts_and_roots(huwen: Huwen, sample_index: Path) -> None:
    ran = huwen("index", "status", "--index", str(sample_index))
    assert "articles" in ran.out
    assert str(SAMPLES) in ran.out


def test_search_returns_at_most_k_hits_with_the_fields_of_the_contract(huwen: Huwen, sample_index: Path) -> None:
    found = json.loads(huwen("search", "机器人首台套奖励", "--top-k", "3", "--index", str(sample_index), "--json").out)
    assert list(found) == ["question", "hits", "timings_ms"]
    assert 1 <= len(found["hits"]) <= 3
    wanted = {
        "rank",
        "score",
        "chunk_id",
        "article_id",
        "page_id",
        "also",
        "title",
        "published",
        "source",
        "text",
        "origins",
    }
    assert all(wanted <= set(hit) for hit in found["hits"])


def test_search_explains_words_arms_and_features_when_asked(huwen: Huwen, sample_index: Path) -> None:
    plain = huwen("search", "机器人首台套奖励", "--index", str(sample_index))
    explained = huwen("search", "机器人首台套奖励", "--explain", "--index", str(sample_index))
    assert plain.out.startswith("1.  ")
    assert explained.out.startswith("asked: ")
    assert re.search(r"lexical \d\.\d{3} \(#1\)", explained.out)
    assert "covered" in explained.out
    assert "lexical" not in plain.out
    table = json.loads(huwen("search", "机器人首台套奖励", "--explain", "--json", "--index", str(sample_index)).out)
    assert set(table["explain"]["hits"]) == {hit["chunk_id"] for hit in table["hits"]}


def test_search_that_finds_nothing_says_so_on_stderr(huwen: Huwen, sample_index: Path) -> None:
    ran = huwen("search", "机器人", "--until", "1990-01-01", "--index", str(sample_index))
    assert (ran.code, ran.out) == (0, "")
    assert ran.err


def test_search_for_less_than_one_passage_is_refused(huwen: Huwen, sample_index: Path) -> None:
    assert huwen("search", "机器人", "--top-k", "0", "--index", str(sample_index)).code == 2


def test_show_prints_the_article(huwen: Huwen, sample_index: Path) -> None:
    form = json.loads(huwen("show", "robot-reward-in-brief", "--index", str(sample_index), "--json").out)
    text = huwen("show", "robot-reward-in-brief", "--index", str(sample_index)).out
    assert form["title"] in text
    assert form["text"] in text


def test_show_of_an_unknown_article_exits_with_2(huwen: Huwen, sample_index: Path) -> None:
    ran = huwen("show", "no-such-article", "--index", str(sample_index))
    assert ran.code == 2
    assert "no-such-article" in ran.err


def test_a_whole_index_verifies_and_a_flipped_bit_does_not(huwen: Huwen, articles: Path) -> None:
    huwen("index", "sync", str(articles))
    assert huwen("index", "verify").code == 0
    [vectors] = Path(".huwen/vectors").iterdir()
    raw = bytearray(vectors.read_bytes())
    raw[-1] ^= 1
    vectors.write_bytes(raw)
    damaged = huwen("index", "verify", "--json")
    assert damaged.code == 4
    assert json.loads(damaged.out)["problems"]
    assert "huwen index repair" in huwen("index", "verify").err
    assert huwen("index", "repair").code == 0
    assert huwen("index", "verify").code == 0


def test_removed_articles_are_gone(huwen: Huwen, articles: Path) -> None:
    huwen("index", "sync", str(articles))
    removed = json.loads(huwen("index", "remove", "ai-industry-notes", "--json").out)["removed"]
    assert removed
    assert huwen("show", removed[0]).code == 2
    assert huwen("index", "remove", "no-such-page").code == 2
    assert huwen("index", "remove").code == 2


def test_a_backup_brings_back_what_it_was_made_of(huwen: Huwen, articles: Path) -> None:
    huwen("index", "sync", str(articles))
    assert huwen("index", "export", "backup.sqlite").code == 0
    assert huwen("index", "import", "backup.sqlite", "--index", "other").code == 0
    here, there = (json.loads(huwen("index", "status", "--index", at, "--json").out) for at in (".huwen", "other"))
    assert (here["articles"], here["chunks"]) == (there["articles"], there["chunks"])
    assert huwen("index", "import", "absent.sqlite", "--index", "other").code == 3
